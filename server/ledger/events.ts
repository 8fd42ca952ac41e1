import type { Transaction } from 'sequelize'
import type {
  EventList,
  EventQuery,
  LedgerEvent,
  LedgerEventType,
  RecentEventList,
  RecentEventQuery,
} from '../../contracts/events'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import type { Access } from './access'
import { instant, isObject, json, nameOf, textOrNull } from './columns'
import type { Strategies } from './strategies'

export const EVENTS_CHANNEL = 'aurelius_events'
const DAY_MS = 86_400_000
/** How far back a reader can go on, and how long the progress of a run is kept. */
const KEPT_MS = 90 * DAY_MS
const ADVISORY_LOCK = 4_175_236_982 // an arbitrary number that only Aurelius takes

/** Something that happened to a strategy, as services say it. */
export interface Happening {
  type: LedgerEventType
  strategy: { id: string; name: string; workspaceId: string }
  subjectId?: string
  by: Principal | null // null: the program itself
  data?: LedgerEvent['data']
}

export interface EventsDependencies {
  database: Database
  access: Access
  strategies: Strategies
  now: () => number
  onCommitted: () => void
}

export type Events = ReturnType<typeof createEvents>

/** The log of what happened in the ledger: written with the change itself, read by whoever wants to follow. */
export function createEvents({ database, access, strategies, now, onCommitted }: EventsDependencies) {
  async function after(id: number, limit: number, workspaces?: string[]): Promise<LedgerEvent[]> {
    const rows = await select(
      database,
      `SELECT * FROM ledger_events WHERE id > :id ${workspaces ? 'AND workspace_id IN (:workspaces)' : ''}
       ORDER BY id LIMIT :limit`,
      { id, limit, workspaces },
    )
    return rows.map(toEvent)
  }

  async function lastId(): Promise<number> {
    const [row] = await select(database, 'SELECT max(id) AS id FROM ledger_events', {})
    return Number(row?.id ?? 0)
  }

  return {
    /**
     * Appends an event to what a transaction does; last in it, because on Postgres no other transaction can append until
     * this one ends. So ids follow the order of commits, and whoever goes on after the last id has missed nothing.
     */
    async append({ type, strategy, subjectId, by, data = {} }: Happening, transaction: Transaction) {
      if (database.dialect === 'postgres')
        await select(database, 'SELECT pg_advisory_xact_lock(:key)', { key: ADVISORY_LOCK }, transaction)
      await database.models.LedgerEvent.create(
        {
          type,
          at: new Date(now()),
          workspaceId: strategy.workspaceId,
          strategyId: strategy.id,
          strategyName: strategy.name,
          subjectId: subjectId ?? null,
          actorId: by?.userId ?? null,
          data: JSON.stringify(data),
        },
        { transaction },
      )
      if (database.dialect === 'postgres')
        await select(
          database,
          'SELECT pg_notify(:channel, :payload)',
          { channel: EVENTS_CHANNEL, payload: type },
          transaction,
        )
      transaction.afterCommit(onCommitted)
    },

    /** Events of every workspace after an id, oldest first: for whoever decides by itself who may see them. */
    async readOn(id: number, limit: number): Promise<{ entries: LedgerEvent[]; lastId: number }> {
      const entries = await after(id, limit)
      return { entries, lastId: entries.at(-1)?.id ?? id }
    },

    /** How runs got on is told by what they became; all else is kept, as the history of its strategy. */
    async forgetProgress(transaction: Transaction): Promise<void> {
      await database.sequelize.query(`DELETE FROM ledger_events WHERE type = 'backtest.progress' AND at < :moment`, {
        replacements: { moment: new Date(now() - KEPT_MS) },
        transaction,
      })
    },

    lastId,

    /** The oldest of those that are all kept, progress included; `null` where there is none. */
    async firstId(): Promise<number | null> {
      const [row] = await select(database, 'SELECT id FROM ledger_events WHERE at >= :moment ORDER BY at, id LIMIT 1', {
        moment: new Date(now() - KEPT_MS),
      })
      return row?.id == null ? null : Number(row.id)
    },

    async list(principal: Principal, { after: id, limit }: EventQuery): Promise<EventList> {
      const last = await lastId()
      const workspaces = [...(await access.workspacesOf(principal)).keys()]
      const events = workspaces.length === 0 ? [] : await after(id, limit, workspaces)
      // What was committed since `last` was read may be among them.
      const lastSeen = events.at(-1)?.id ?? id
      return { events, last_id: events.length === limit ? lastSeen : Math.max(lastSeen, last) }
    },

    /**
     * What happened last, newest first; how runs got on is left out. Whoever may see a strategy reads all its history,
     * wherever the strategy was then.
     */
    async recent(principal: Principal, query: RecentEventQuery): Promise<RecentEventList> {
      const { limit, cursor, strategy_id: strategyId } = query
      if (strategyId !== undefined) await strategies.get(principal, strategyId, 'viewer')
      const workspaces = strategyId === undefined ? [...(await access.workspacesOf(principal)).keys()] : []
      if (strategyId === undefined && workspaces.length === 0) return { events: [], last_id: 0, next_cursor: null }
      const rows = await select(
        database,
        `SELECT event.*, users.name AS actor_name FROM (
           SELECT * FROM ledger_events
           WHERE ${strategyId === undefined ? 'workspace_id IN (:workspaces)' : 'strategy_id = :strategyId'}
             AND type <> 'backtest.progress' ${cursor === undefined ? '' : 'AND id < :before'}
           ORDER BY id DESC LIMIT :rows) AS event
         LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = event.actor_id ORDER BY event.id DESC`,
        { workspaces, strategyId, before: Number(cursor), rows: limit + 1 },
      )
      const events = rows.slice(0, limit).map((row) => ({
        ...toEvent(row),
        actor_name: nameOf(row.actor_id, row.actor_name),
      }))
      const next_cursor = rows.length > limit ? String(events.at(-1)?.id) : null
      return { events, last_id: events[0]?.id ?? 0, next_cursor }
    },
  }
}

const isData = (value: unknown): value is LedgerEvent['data'] => isObject(value)

function toEvent(row: Row): LedgerEvent {
  return {
    id: Number(row.id),
    type: String(row.type) as LedgerEventType,
    at: instant(row.at),
    workspace_id: String(row.workspace_id),
    strategy_id: String(row.strategy_id),
    strategy_name: String(row.strategy_name),
    subject_id: textOrNull(row.subject_id),
    actor_id: textOrNull(row.actor_id),
    data: json(row.data, isData, {}),
  }
}
