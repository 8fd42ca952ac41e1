import { randomUUID } from 'node:crypto'
import type {
  CutValidation,
  PostedValidation,
  ValidationDetail,
  ValidationList,
  ValidationQuery,
  ValidationRule,
  ValidationWindow,
  WalkForwardPlan,
} from '../../../contracts/validations'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { select } from '../../db/select'
import { NotFoundError, ValidationError } from '../../errors'
import { degradation } from '../../quant/walk-forward'
import type { Access } from '../access'
import { isObject, json } from '../columns'
import type { Events } from '../events'
import { fromCursor, pageQuery, splitPage } from '../keyset'
import type { Runs } from '../runs/runs'
import type { Scorer } from '../runs/scorer'
import type { Segments } from '../runs/segments'
import { toWindowPlan } from '../runs/walk-forward-task'
import type { Strategies } from '../strategies'
import { findVisible } from '../visible'
import { judgeWindows } from './judge-windows'
import { toValidation, toValidationDetail, VALIDATION_COLUMNS } from './validation-rows'

const DETAIL_COLUMNS = `${VALIDATION_COLUMNS}, validations.plan, validations.rule, validations.checks,
  validations.windows`

export interface ValidationsDependencies {
  database: Database
  access: Access
  strategies: Strategies
  runs: Runs
  segments: Segments
  scorer: Scorer
  events: Events
  audit: Audit
  now: () => number
}

interface NewRow {
  strategyId: string
  strategyVersion: number
  backtestId: string | null
  source: 'posted' | 'cut'
  plan: WalkForwardPlan | null
  rule: ValidationRule
  windows: ValidationWindow[]
  initialCapital: number
}

export type ValidationsService = ReturnType<typeof createValidationsService>

/** Walk-forward runs: cut from a recorded curve, or posted by a script that optimised in each window. */
export function createValidationsService(dependencies: ValidationsDependencies) {
  const { database, access, strategies, runs, segments, scorer, events, audit, now } = dependencies

  async function insert(principal: Principal, row: NewRow): Promise<ValidationDetail> {
    const id = randomUUID()
    const { summary, checks, verdict } = judgeWindows(row.windows, row.rule)
    const at = new Date(now())
    await database.write(async (transaction) => {
      const strategy = await strategies.get(principal, row.strategyId, 'editor', transaction)
      await database.sequelize.query(
        `INSERT INTO validations (id, strategy_id, strategy_version, author_id, backtest_id, source, plan, rule, checks,
           verdict, start_date, end_date, window_size_days, train_size_days, initial_capital, status, windows,
           num_windows, avg_train_sharpe, avg_test_sharpe, avg_degradation, stability_score, passed, created_at,
           completed_at)
         VALUES (:id, :strategyId, :strategyVersion, :author, :backtestId, :source, :plan, :rule, :checks,
           :verdict, :start, :end, :windowDays, :trainDays, :initialCapital, 'completed', :windows,
           :windowCount, :inSample, :outOfSample, :degradation, :stability, :passed, :at, :at)`,
        {
          replacements: {
            ...row,
            id,
            at,
            author: principal.userId,
            plan: row.plan && JSON.stringify(row.plan),
            rule: JSON.stringify(row.rule),
            checks: JSON.stringify(checks.map(({ fact, ...check }) => check)),
            windows: JSON.stringify(row.windows),
            ...spanOf(row.windows),
            windowCount: summary.windowCount,
            inSample: summary.inSampleSharpe,
            outOfSample: summary.outOfSampleSharpe,
            degradation: summary.degradation,
            stability: summary.stability,
            verdict,
            passed: verdict === 'passed',
          },
          transaction,
        },
      )
      audit.record(
        {
          action: 'validation.completed',
          by: actorOf(principal),
          target: { type: 'validation', id },
          details: { strategy_id: strategy.id, workspace_id: strategy.workspaceId, verdict },
        },
        transaction,
      )
      await events.append(
        {
          type: 'validation.completed',
          strategy,
          subjectId: id,
          by: principal,
          data: {
            verdict,
            strategy_version: row.strategyVersion,
            window_count: summary.windowCount,
            out_of_sample_sharpe: summary.outOfSampleSharpe,
          },
        },
        transaction,
      )
    })
    return get(principal, id)
  }

  async function get(principal: Principal, id: string): Promise<ValidationDetail> {
    const row = await findVisible(database, access, principal, { table: 'validations', columns: DETAIL_COLUMNS, id })
    if (!row) throw new NotFoundError('validation')
    return toValidationDetail(row)
  }

  return {
    get,

    async list(principal: Principal, strategyId: string, query: ValidationQuery): Promise<ValidationList> {
      const { workspaceId } = await strategies.get(principal, strategyId, 'viewer')
      const version = query.strategy_version
      const { sql, replacements } = pageQuery({
        columns: VALIDATION_COLUMNS,
        table: 'validations',
        conditions: version === undefined ? [] : ['strategy_version = :version'],
        partition: { column: 'strategy_id', values: [strategyId] },
        sort: { expression: 'created_at', descending: true },
        after: fromCursor('-created_at', query.cursor),
        limit: query.limit,
      })
      const [rows, [count]] = await Promise.all([
        select(
          database,
          `SELECT page.*, users.name AS author_name FROM (${sql}) AS page
           LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = page.author_id
           ORDER BY page.sort_key DESC, page.id DESC`,
          { ...replacements, version },
        ),
        select(
          database,
          `SELECT count(*) AS total FROM validations WHERE strategy_id = :strategyId
           ${version === undefined ? '' : 'AND strategy_version = :version'}`,
          { strategyId, version },
        ),
      ])
      const { page, next } = splitPage(rows, query.limit, '-created_at')
      const validations = page.map((row) => toValidation({ ...row, workspace_id: workspaceId }))
      return { validations, total: Number(count?.total), next_cursor: next }
    },

    /** Cuts the recorded curve of a completed backtest. */
    async cut(principal: Principal, backtestId: string, { plan, rule }: CutValidation): Promise<ValidationDetail> {
      const run = await runs.get(principal, backtestId, 'editor', `${RUN_FACTS}, scoring`)
      if (run.status !== 'completed')
        throw invalid('backtest_id', 'Only the curve of a completed backtest can be cut: complete it first.')
      const parts = await segments.readBytes(backtestId, 'points', { from: 0, to: Number(run.point_count) })
      const scoring = json(run.scoring, isObject, {})
      const windows = await cutWindows(
        parts.map(({ bytes }) => bytes),
        plan,
        {
          periodsPerYear: scoring.periods_per_year as number | undefined,
          riskFreeRate: scoring.risk_free_rate as number | undefined,
          dayStartMinutes: scoring.day_start_minutes as number | undefined,
        },
      )
      if (windows.length === 0)
        throw invalid('plan', 'The curve is too short for one window of this plan: choose shorter spans.')
      return insert(principal, {
        strategyId: String(run.strategy_id),
        strategyVersion: Number(run.strategy_version),
        backtestId,
        source: 'cut',
        plan,
        rule,
        windows,
        initialCapital: Number(run.initial_capital),
      })
    },

    async post(principal: Principal, strategyId: string, input: PostedValidation): Promise<ValidationDetail> {
      const strategy = await strategies.get(principal, strategyId, 'editor')
      const version = input.strategy_version ?? strategy.version
      if (version > strategy.version) throw invalid('strategy_version', `The strategy has no version ${version}.`)
      if (input.backtest_id !== undefined) {
        const [run] = await select(
          database,
          'SELECT id FROM backtests WHERE id = :id AND strategy_id = :strategyId AND strategy_version = :version',
          { id: input.backtest_id, strategyId, version },
        )
        if (!run) throw invalid('backtest_id', 'This strategy version has no such backtest.')
      }
      const windows = input.windows.map(({ in_sample, out_of_sample }) => ({
        in_sample,
        out_of_sample,
        degradation: degradation(in_sample.sharpe_ratio, out_of_sample.sharpe_ratio),
      }))
      return insert(principal, {
        strategyId,
        strategyVersion: version,
        backtestId: input.backtest_id ?? null,
        source: 'posted',
        plan: input.plan ?? null,
        rule: input.rule,
        windows,
        initialCapital: 0,
      })
    },
  }

  async function cutWindows(
    points: Uint8Array[],
    plan: WalkForwardPlan,
    options: Parameters<Scorer['walkForward']>[0]['options'],
  ): Promise<ValidationWindow[]> {
    try {
      return await scorer.walkForward({
        points,
        options,
        plan: toWindowPlan(plan),
      })
    } catch (error) {
      if (error instanceof RangeError) throw invalid('plan', error.message)
      throw error
    }
  }
}

const RUN_FACTS = 'id, status, strategy_id, strategy_version, point_count, initial_capital'

function spanOf(windows: ValidationWindow[]) {
  const days = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  const [first] = windows as [ValidationWindow, ...ValidationWindow[]]
  return {
    start: windows.reduce(
      (least, { in_sample: { start_date: day } }) => (day < least ? day : least),
      first.in_sample.start_date,
    ),
    end: windows.reduce(
      (most, { out_of_sample: { end_date: day } }) => (day > most ? day : most),
      first.out_of_sample.end_date,
    ),
    windowDays: days(first.in_sample.start_date, first.out_of_sample.end_date),
    trainDays: days(first.in_sample.start_date, first.in_sample.end_date),
  }
}

function invalid(field: string, message: string): ValidationError {
  return new ValidationError([{ field, message, code: 'invalid' }])
}
