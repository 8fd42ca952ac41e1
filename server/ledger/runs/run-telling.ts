import type { Transaction } from 'sequelize'
import type { LedgerEvent, LedgerEventType } from '../../../contracts/events'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import type { Events } from '../events'

const PROGRESS_EVERY_MS = 1_000

export type RunTelling = ReturnType<typeof createRunTelling>

/** Tells what happens to runs; of one that streams at most once a second. */
export function createRunTelling(database: Database, events: Events, now: () => number) {
  const toldAt = new Map<string, number>()

  /** @param row with id, strategy_id and workspace_id */
  async function tell(
    type: LedgerEventType,
    row: Row,
    principal: Principal | null,
    data: LedgerEvent['data'],
    transaction: Transaction,
  ): Promise<void> {
    const [strategy] = await select(
      database,
      'SELECT name FROM strategies WHERE id = :id',
      { id: row.strategy_id },
      transaction,
    )
    await events.append(
      {
        type,
        strategy: {
          id: String(row.strategy_id),
          name: String(strategy?.name ?? ''),
          workspaceId: String(row.workspace_id),
        },
        subjectId: String(row.id),
        by: principal,
        data,
      },
      transaction,
    )
  }

  return {
    tell,
    isDue: (id: string): boolean => now() - (toldAt.get(id) ?? 0) >= PROGRESS_EVERY_MS,

    async progress(row: Row, principal: Principal, transaction: Transaction): Promise<void> {
      const id = String(row.id)
      if (!this.isDue(id)) return
      toldAt.set(id, now())
      const figures = {
        point_count: Number(row.point_count),
        trade_count: Number(row.trade_count),
        progress: row.progress === null ? null : Number(row.progress),
      }
      await tell('backtest.progress', row, principal, figures, transaction)
    },
    ended(id: string): void {
      toldAt.delete(id)
    },
  }
}
