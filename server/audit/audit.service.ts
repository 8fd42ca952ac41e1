import type {
  ActivityPage,
  AuditExportQuery,
  AuditPage,
  AuditQuery,
  AuditVerification,
  OwnAuditQuery,
} from '../../contracts/audit-log'
import type { Principal, SessionPrincipal } from '../auth/principal'
import type { Database } from '../db/database'
import type { Log } from '../log'
import { actorOf } from './actor'
import type { Audit } from './audit'
import { exportCsv, exportJsonLines } from './export'
import type { AuditKeys } from './keys'
import { readHead } from './log-end'
import type { AuditMirror } from './mirror'
import { peopleIn, readActivity, readEntries } from './read-entries'
import { verifyLog } from './verify-log'

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
  const reportUnrecorded = (error: unknown) =>
    log.error({ err: error }, 'that the audit log was found not to be intact could not be recorded in it')

  return {
    async list(_principal: SessionPrincipal, query: AuditQuery): Promise<AuditPage> {
      const found = await readEntries(database, query)
      return { ...found, people: [...(await peopleIn(database, found.entries)).values()] }
    },

    /** What the principal did, and what was done to their account. */
    listOwn: ({ userId }: Principal, query: OwnAuditQuery): Promise<ActivityPage> =>
      readActivity(database, userId, query),

    /** Checks the whole log; who asks while it is being checked gets the same answer. */
    async verify(principal: SessionPrincipal): Promise<AuditVerification> {
      verifying ??= verifyLog(database, keys, mirror, log, now).finally(() => {
        verifying = undefined
      })
      const verification = await verifying
      const { entries, first_bad: bad } = verification
      const recording = database.write(async (transaction) =>
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
      // A log that is not whole may take no entry; that it is not has to be told all the same.
      await (verification.is_intact ? recording : recording.catch(reportUnrecorded))
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
