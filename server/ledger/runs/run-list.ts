import type { BacktestDetail, BacktestList, BacktestQuery, Comparison } from '../../../contracts/backtests'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import { NotFoundError } from '../../errors'
import type { TrialSummary } from '../../quant/significance'
import type { Access } from '../access'
import { fromCursor, pageQuery, splitPage } from '../keyset'
import { countTrials } from './count-trials'
import { RUN_COLUMNS, toBacktest, toBacktestDetail } from './run-rows'

const COMPARED = [
  ...(['strategy_name', 'strategy_version', 'start_date', 'end_date', 'initial_capital', 'currency'] as const),
  ...(['instruments', 'seed', 'data_source', 'data_fingerprint', 'engine', 'engine_version', 'code_revision'] as const),
]

/** Pages of the runs a caller sees, one run with all its figures, and several side by side. */
export function createRunList(database: Database, access: Access) {
  async function details(principal: Principal, ids: string[]): Promise<BacktestDetail[]> {
    const workspaces = [...(await access.workspacesOf(principal)).keys()]
    if (workspaces.length === 0) return []
    const rows = await select(
      database,
      `SELECT run.*, strategies.name AS strategy_name, users.name AS author_name, version.parameters
       FROM (SELECT ${RUN_COLUMNS}, metrics, reported_metrics, differences, scoring FROM backtests
             WHERE id IN (:ids) AND workspace_id IN (:workspaces)) AS run
       JOIN strategies ON strategies.id = run.strategy_id
       LEFT JOIN strategy_versions AS version
         ON version.strategy_id = run.strategy_id AND version.version = run.strategy_version
       LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = run.author_id`,
      { ids, workspaces },
    )
    const trials = new Map<unknown, TrialSummary>()
    for (const { strategy_id, status } of rows)
      if (status === 'completed' && !trials.has(strategy_id))
        trials.set(strategy_id, await countTrials(database, String(strategy_id)))
    return rows.map((row) => toBacktestDetail(row, trials.get(row.strategy_id)))
  }

  return {
    async list(principal: Principal, query: BacktestQuery): Promise<BacktestList> {
      const after = fromCursor(`${query.sort}`, query.cursor)
      const seen = [...(await access.workspacesOf(principal)).keys()]
      const workspaces = query.workspace_id === undefined ? seen : seen.filter((id) => id === query.workspace_id)
      const empty = { backtests: [], total: 0, next_cursor: null }
      if (workspaces.length === 0) return empty
      const { strategy_id: strategy, strategy_version: version, status } = query
      const descending = query.sort.startsWith('-')
      const direction = descending ? 'DESC' : 'ASC'
      const { sql, replacements } = pageQuery({
        columns: RUN_COLUMNS,
        table: 'backtests',
        conditions: [
          ...(status ? ['status = :status'] : []),
          ...(version ? ['strategy_version = :version'] : []),
          ...(strategy ? ['workspace_id IN (:workspaces)'] : []),
        ],
        partition: strategy
          ? { column: 'strategy_id', values: [strategy] }
          : { column: 'workspace_id', values: workspaces },
        sort: { expression: 'created_at', descending },
        after,
        limit: query.limit,
      })
      const values = { status, version, workspaces, strategy }
      const [rows, [sum]] = await Promise.all([
        select(
          database,
          `SELECT page.*, strategies.name AS strategy_name, users.name AS author_name FROM (${sql}) AS page
           JOIN strategies ON strategies.id = page.strategy_id
           LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = page.author_id
           ORDER BY page.sort_key ${direction}, page.id ${direction}`,
          { ...replacements, ...values },
        ),
        select(
          database,
          `SELECT COALESCE(sum(total), 0) AS total FROM backtest_totals
           JOIN strategies ON strategies.id = backtest_totals.strategy_id
           WHERE strategies.workspace_id IN (:workspaces)
             ${strategy ? 'AND strategies.id = :strategy' : ''}
             ${version ? 'AND strategy_version = :version' : ''}
             ${status ? 'AND backtest_totals.status = :status' : ''}`,
          values,
        ),
      ])
      const { page, next } = splitPage(rows, query.limit, query.sort)
      return { backtests: page.map(toBacktest), total: Number(sum?.total ?? 0), next_cursor: next }
    },

    async get(principal: Principal, id: string): Promise<BacktestDetail> {
      const [detail] = await details(principal, [id])
      if (!detail) throw new NotFoundError('backtest')
      return detail
    },

    /** @throws {NotFoundError} one of them is none that the caller can see */
    async compare(principal: Principal, ids: string[]): Promise<Comparison> {
      const found = new Map((await details(principal, ids)).map((run) => [run.id, run]))
      const backtests = ids.map((id) => found.get(id)).filter((run) => run !== undefined)
      if (backtests.length < ids.length) throw new NotFoundError('backtest')
      const names = [...new Set(backtests.flatMap(({ parameters }) => Object.keys(parameters)))].sort()
      const rows = [
        ...COMPARED.map((name) => ({ name, values: backtests.map((run): unknown => run[name]) })),
        ...names.map((name) => ({
          name: `parameters.${name}`,
          values: backtests.map(({ parameters }) => parameters[name] ?? null),
        })),
      ]
      const isSame = (values: unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size === 1
      return { backtests, differing: rows.filter(({ values }) => !isSame(values)) }
    },
  }
}
