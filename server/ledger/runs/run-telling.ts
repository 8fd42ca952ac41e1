import type { Transaction } from 'sequelize'
import type { LedgerEvent, LedgerEventType } from '../../../contracts/events'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import type { Log } from '../../log'
import type { Events } from '../events'

const PROGRESS_EVERY_MS = 1_000

export type RunTelling = ReturnType<typeof createRunTelling>

/**
 * Tells what happens to runs; of one that streams at most once a second, and of the last rows before a pause as well:
 * those that came within the second are told at its end.
 */
export function createRunTelling(database: Database, events: Events, log: Log, now: () => number) {
  const toldAt = new Map<string, number>()
  const later = new Map<string, NodeJS.Timeout>()
  const telling = new Set<Promise<void>>()

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

  async function tellProgress(row: Row, principal: Principal, transaction: Transaction): Promise<void> {
    const id = String(row.id)
    notLater(id)
    toldAt.set(id, now())
    const figures = {
      point_count: Number(row.point_count),
      trade_count: Number(row.trade_count),
      progress: row.progress === null ? null : Number(row.progress),
    }
    await tell('backtest.progress', row, principal, figures, transaction)
  }

  async function tellLatest(id: string, principal: Principal): Promise<void> {
    await database.write(async (transaction) => {
      const [row] = await select(
        database,
        `SELECT id, strategy_id, workspace_id, point_count, trade_count, progress FROM backtests
         WHERE id = :id AND status = 'running'`,
        { id },
        transaction,
      )
      if (row) await tellProgress(row, principal, transaction)
    })
  }

  function notLater(id: string): void {
    clearTimeout(later.get(id))
    later.delete(id)
  }

  return {
    tell,
    isDue: (id: string): boolean => now() - (toldAt.get(id) ?? 0) >= PROGRESS_EVERY_MS,

    async progress(row: Row, principal: Principal, transaction: Transaction): Promise<void> {
      const id = String(row.id)
      if (this.isDue(id)) await tellProgress(row, principal, transaction)
      else this.progressLater(id, principal)
    },

    /** For a run of which something was told within the last second. */
    progressLater(id: string, principal: Principal): void {
      if (later.has(id)) return
      const atEnd = () => {
        later.delete(id)
        const work = tellLatest(id, principal).catch((error) =>
          log.warn({ err: error }, 'the progress of a run was not told'),
        )
        telling.add(work)
        work.finally(() => telling.delete(work))
      }
      later.set(id, setTimeout(atEnd, PROGRESS_EVERY_MS).unref())
    },

    ended(id: string): void {
      notLater(id)
      toldAt.delete(id)
    },

    async close(): Promise<void> {
      for (const id of [...later.keys()]) notLater(id)
      await Promise.all(telling)
    },
  }
}
