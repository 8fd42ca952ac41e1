import type { ServerSecrets } from '../config'
import type { Database } from '../db/database'
import { lastingSecret } from '../lasting-secret'
import type { Log } from '../log'
import { openAudit } from './audit'
import { createAuditService } from './audit.service'
import { createAuditKeys, deriveAuditKey } from './keys'

/** Puts the audit log together: what writes it, and what reads it. */
export function openAuditLog(database: Database, secrets: ServerSecrets, log: Log, now: () => number) {
  const keys = createAuditKeys(secrets.auditKeys ?? [deriveAuditKey(lastingSecret(secrets))])
  const audit = openAudit(database, keys, log, now)
  return {
    audit,
    service: createAuditService({ database, audit, keys, mirror: null, now }),
    close: audit.close,
  }
}
