import type {
  Activity,
  ActivityPage,
  AuditEntry,
  AuditExportQuery,
  AuditPage,
  AuditQuery,
  AuditVerification,
  OwnAuditQuery,
} from '../../contracts/audit-log'
import type { Principal, SessionPrincipal } from '../auth/principal'
import type { Database } from '../db/database'
import { select } from '../db/select'
import type { Log } from '../log'
import { actorOf } from './actor'
import type { Audit } from './audit'
import { countEntries, positionOf, readPage } from './audit-query'
import { toEntry } from './entries'
import { exportCsv, exportJsonLines } from './export'
import type { AuditKeys } from './keys'
import type { AuditMirror } from './mirror'
import { readHead, verifyLog } from './verify-log'

export interface AuditServiceDependencies {
  database: Database
  audit: Audit
  keys: AuditKeys
  mirror: AuditMirror | null
  log: Log
  now(): number
}

export type AuditService = ReturnType<typeof createAuditService>

/** Reading the audit log: by administrators all of it, by everybody what is about them. */
export function createAuditService({ database, audit, keys, mirror, log, now }: AuditServiceDependencies) {
  let verifying: Promise<AuditVerification> | undefined

  async function peopleIn(entries: AuditEntry[]): Promise<Map<string, { id: string; name: string; email: string }>> {
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

  async function page(query: AuditQuery) {
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

  return {
    async list(_principal: SessionPrincipal, query: AuditQuery): Promise<AuditPage> {
      const found = await page(query)
      return { ...found, people: [...(await peopleIn(found.entries)).values()] }
    },

    /** What the principal did, and what was done to their account. */
    async listOwn({ userId }: Principal, query: OwnAuditQuery): Promise<ActivityPage> {
      const { entries, ...rest } = await page({ ...query, user: userId })
      const people = await peopleIn(entries)
      const nameOf = (id: string | null) => (id === null || id === userId ? null : (people.get(id)?.name ?? null))
      return { ...rest, entries: entries.map((entry) => toActivity(entry, userId, nameOf)) }
    },

    /** Checks the whole log; who asks while it is being checked gets the same answer. */
    async verify(principal: SessionPrincipal): Promise<AuditVerification> {
      verifying ??= verifyLog(database, keys, mirror, log, now).finally(() => {
        verifying = undefined
      })
      const verification = await verifying
      const { entries, first_bad: bad } = verification
      await database.write(async (transaction) =>
        audit.record(
          {
            action: 'audit.verified',
            by: actorOf(principal),
            outcome: verification.is_intact ? 'success' : 'failure',
            details: { entries, ...(bad ? { first_bad: bad.seq } : {}) },
          },
          transaction,
        ),
      )
      return verification
    },

    /**
     * Takes the log as it is for whole from now on, after a backup was restored: what is remembered of a longer one is
     * forgotten, and that it was is an entry.
     */
    async accept(principal: SessionPrincipal): Promise<void> {
      const remembered = (await mirror?.read()) ?? null
      const { seq } = await readHead(database)
      await database.write(async (transaction) =>
        audit.record(
          {
            action: 'audit.end_accepted',
            by: actorOf(principal),
            details: { entries: seq, ...(remembered ? { remembered: remembered.seq } : {}) },
          },
          transaction,
        ),
      )
      await mirror?.replace(await readHead(database))
    },

    /** The entries under some filters as text, oldest first. */
    async export(
      principal: SessionPrincipal,
      { format, ...filters }: AuditExportQuery,
    ): Promise<AsyncIterable<string>> {
      await database.write(async (transaction) =>
        audit.record({ action: 'audit.exported', by: actorOf(principal), details: { format } }, transaction),
      )
      return format === 'csv' ? exportCsv(database, filters) : exportJsonLines(database, filters, now)
    },
  }
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
