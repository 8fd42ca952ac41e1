import { type AccountEvent, accountEvent } from '../../contracts/account-events'
import type { AuditAction } from '../../contracts/audit'
import type { AuditEntry } from '../../contracts/audit-log'
import type { Principal } from '../auth/principal'
import type { Database } from '../db/database'
import { select } from '../db/select'
import { createTail } from '../db/tail'
import type { Log } from '../log'
import { AUDIT_COLUMNS, toEntry } from './entries'

/** What happened to an account, and whose it is. */
export interface OwnedEvent {
  id: number
  userId: string
  event: AccountEvent
}

type Told = Partial<Record<AuditAction, (entry: AuditEntry) => object>>

const session = (type: string) => (entry: AuditEntry) => ({ type, session_id: entry.target_id })
const apiKey = (type: string) => (entry: AuditEntry) => ({ type, api_key_id: entry.target_id })
const factor = (change: string) => (entry: AuditEntry) => ({
  type: 'second_factor.changed',
  change,
  factor: entry.details.factor ?? null,
})
const otherSessions = () => ({ type: 'session.ended', session_id: null })
const password = () => ({ type: 'password.changed' })

/** The entries of the audit log that are told to the person they are about, as they happen. */
const TOLD: Told = {
  'session.signed_in': session('session.started'),
  'session.signed_out': session('session.ended'),
  'session.revoked': session('session.ended'),
  'session.others_revoked': otherSessions,
  'session.refresh_token_reused': session('session.ended'),
  'user.sessions_ended': otherSessions,
  'api_key.first_used': apiKey('api_key.first_used'),
  'api_key.created': apiKey('api_key.changed'),
  'api_key.rotated': apiKey('api_key.changed'),
  'api_key.previous_ended': apiKey('api_key.changed'),
  'api_key.revoked': apiKey('api_key.changed'),
  'factor.confirmed': factor('added'),
  'factor.removed': factor('removed'),
  'factor.reset': factor('reset'),
  'factor.recovery_codes_replaced': factor('recovery_codes_replaced'),
  'account.password_changed': password,
  'account.password_reset': password,
}
const ACTIONS = Object.keys(TOLD)

export const isTold = (action: AuditAction): boolean => action in TOLD

export type AccountNews = ReturnType<typeof createAccountNews>

/** Follows what happens to accounts. The audit log is where all of it is written, with the change and in one order. */
export function createAccountNews(database: Database, log: Log) {
  async function lastId(): Promise<number> {
    const [row] = await select(database, 'SELECT max(seq) AS seq FROM audit_log', {})
    return Number(row?.seq ?? 0)
  }

  /** An attempt that failed changed nothing, but for the token whose second use ended a session. */
  async function read(after: number, limit: number, userId?: string) {
    const last = await lastId()
    const rows = await select(
      database,
      `SELECT ${AUDIT_COLUMNS.join(', ')} FROM audit_log WHERE seq > :after AND seq <= :last
       AND action IN (:actions) AND (outcome = 'success' OR action = 'session.refresh_token_reused')
       AND account_id ${userId === undefined ? 'IS NOT NULL' : '= :userId'} ORDER BY seq LIMIT :limit`,
      { after, last, actions: ACTIONS, userId, limit },
    )
    const entries = rows.map(toEntry)
    const events = entries.map(toOwned).filter((event) => event !== undefined)
    return { events, lastId: entries.length === limit ? (entries.at(-1)?.seq ?? last) : Math.max(after, last) }
  }

  const readOn = async (after: number, limit: number) => {
    const { events, lastId } = await read(after, limit)
    return { entries: events, lastId }
  }

  return {
    tail: createTail<OwnedEvent>({ source: { lastId, readOn }, log }),
    lastId,

    async list({ userId }: Principal, { after, limit }: { after: number; limit: number }) {
      const { events, lastId } = await read(after, limit, userId)
      return { events, last_id: lastId }
    },
  }
}

/** Nothing for a row that somebody has made something else of. */
function toOwned(entry: AuditEntry): OwnedEvent | undefined {
  const isElsewhere = entry.actor_id !== null && entry.actor_id !== entry.account_id
  const { data } = accountEvent.safeParse({
    id: entry.seq,
    at: entry.occurred_at,
    address: isElsewhere ? null : entry.address,
    device: isElsewhere ? null : entry.device,
    by_session_id: entry.actor_kind === 'user' && !isElsewhere ? entry.credential_id : null,
    ...TOLD[entry.action as AuditAction]?.(entry),
  })
  return data && entry.account_id !== null ? { id: entry.seq, userId: entry.account_id, event: data } : undefined
}
