import type { Transaction } from 'sequelize'
import type { BacktestStatus } from '../../../contracts/backtests'
import type { WorkspaceRole } from '../../../contracts/workspaces'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { NotFoundError, ReadOnlyWorkspaceError } from '../../errors'
import { type Access, includes } from '../access'
import { RUN_COLUMNS } from './run-rows'

export type Runs = ReturnType<typeof createRuns>

/** How the ledger finds a run, and how it keeps count of them. */
export function createRuns(database: Database, access: Access) {
  const readForIntake = database.prepareRead({
    name: 'run_for_intake',
    sqlite: forIntake(['?1', '?2'], '1'),
    postgres: forIntake(['$1', '$2'], 'TRUE'),
  })

  return {
    /** The row of a run that takes rows in, with the caller's right in the same read: it is asked for with every batch. */
    async getForIntake(principal: Principal, id: string): Promise<Row> {
      const row = await readForIntake([principal.userId, id])
      if (!row?.role) throw new NotFoundError('backtest')
      if (!includes(String(row.role) as WorkspaceRole, 'editor')) throw new ReadOnlyWorkspaceError()
      return row
    },

    /**
     * The run's row, where the caller may do what the role allows.
     *
     * @throws {NotFoundError} there is none that the caller can see
     * @throws {ReadOnlyWorkspaceError} they see it and may do no more
     */
    async get(
      principal: Principal,
      id: string,
      needed: WorkspaceRole,
      columns = RUN_COLUMNS,
      transaction?: Transaction,
    ): Promise<Row> {
      const workspaces = await access.workspacesOf(principal, transaction)
      const [row] =
        workspaces.size === 0
          ? []
          : await select(
              database,
              `SELECT ${columns}, workspace_id FROM backtests WHERE id = :id AND workspace_id IN (:workspaces)`,
              { id, workspaces: [...workspaces.keys()] },
              transaction,
            )
      if (!row) throw new NotFoundError('backtest')
      if (!includes(workspaces.get(String(row.workspace_id)), needed)) throw new ReadOnlyWorkspaceError()
      return row
    },

    /** Keeps the totals of a strategy's runs, so that no list ever counts. */
    async count(
      { strategyId, strategyVersion }: { strategyId: string; strategyVersion: number },
      changes: Partial<Record<BacktestStatus, number>>,
      transaction: Transaction,
    ): Promise<void> {
      for (const [status, delta] of Object.entries(changes))
        await database.sequelize.query(
          `INSERT INTO backtest_totals (strategy_id, strategy_version, status, total)
           VALUES (:strategyId, :strategyVersion, :status, :delta)
           ON CONFLICT (strategy_id, strategy_version, status) DO UPDATE SET total = backtest_totals.total + :delta`,
          { replacements: { strategyId, strategyVersion, status, delta }, transaction },
        )
    },
  }
}

/** As `access.workspacesOf` has it, for one run. */
function forIntake([user, id]: [string, string], yes: string): string {
  return `SELECT run.id, run.status, run.point_count, run.trade_count, run.last_time, run.expected_points, run.progress,
      run.strategy_id, run.workspace_id,
      CASE
        WHEN workspaces.owner_id = ${user} THEN 'owner'
        WHEN workspaces.owner_id IS NULL
          AND EXISTS (SELECT 1 FROM users WHERE users.id = ${user} AND is_admin = ${yes}) THEN 'owner'
        ELSE (SELECT role FROM workspace_members WHERE workspace_id = workspaces.id AND user_id = ${user})
      END AS role
    FROM backtests AS run JOIN workspaces ON workspaces.id = run.workspace_id WHERE run.id = ${id}`
}
