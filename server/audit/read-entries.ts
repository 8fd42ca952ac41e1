import type { Activity, ActivityPage, AuditEntry, AuditQuery, OwnAuditQuery } from '../../contracts/audit-log'
import type { Database } from '../db/database'
import { select } from '../db/select'
import { countEntries, positionOf, readPage } from './audit-query'
import { toEntry } from './entries'

interface Person {
  id: string
  name: string
  email: string
}

/** The people in some entries who still have an account, by their ids. */
export async function peopleIn(database: Database, entries: AuditEntry[]): Promise<Map<string, Person>> {
  const ids = [...new Set(entries.flatMap(({ actor_id, account_id }) => [actor_id, account_id]))].filter(
    (id) => id !== null,
  )
  if (ids.length === 0) return new Map()
  const rows = await select(database, 'SELECT id, name, email FROM users WHERE CAST(id AS VARCHAR(255)) IN (:ids)', {
    ids,
  })
  return new Map(
    rows.map(({ id, name, email }) => [String(id), { id: String(id), name: String(name), email: String(email) }]),
  )
}

/** A page of the log, the newest entry first. */
export async function readEntries(database: Database, query: AuditQuery) {
  const { limit, cursor, ...filters } = query
  const before = positionOf(cursor)
  const [rows, total] = await Promise.all([
    readPage(database, { filters, before, limit: limit + 1 }),
    before === undefined ? countEntries(database, filters) : null,
  ])
  const entries = rows.slice(0, limit).map(toEntry)
  const next_cursor = rows.length > limit ? String(entries.at(-1)?.seq) : null
  return { entries, total, next_cursor }
}

/** What somebody did, and what was done to their account, as that person sees it. */
export async function readActivity(database: Database, userId: string, query: OwnAuditQuery): Promise<ActivityPage> {
  const { entries, ...rest } = await readEntries(database, { ...query, user: userId })
  const people = await peopleIn(database, entries)
  const nameOf = (id: string | null) => (id === null || id === userId ? null : (people.get(id)?.name ?? null))
  return { ...rest, entries: entries.map((entry) => toActivity(entry, userId, nameOf)) }
}

/** Where others act from is theirs; where strangers do is for the person to know. */
function toActivity(entry: AuditEntry, userId: string, nameOf: (id: string | null) => string | null): Activity {
  const isOwn = entry.actor_id === userId
  const isElsewhere = !isOwn && entry.actor_id !== null
  return {
    id: entry.seq,
    occurred_at: entry.occurred_at,
    action: entry.action,
    outcome: entry.outcome,
    actor_kind: entry.actor_kind,
    is_own: isOwn,
    actor_name: nameOf(entry.actor_id),
    account_name: nameOf(entry.account_id),
    target_type: entry.target_type,
    target_id: entry.target_id,
    address: isElsewhere ? null : entry.address,
    device: isElsewhere ? null : entry.device,
    details: entry.details,
  }
}
