import type { AuditHeadStore } from '../audit-heads'
import type { ServerConfig, ServerSecrets } from '../config'
import type { Database } from '../db/database'
import { lastingSecret } from '../lasting-secret'
import type { Log } from '../log'
import { createAccountNews } from './account-news'
import { openAudit } from './audit'
import { createAuditService } from './audit.service'
import { createAuditKeys, deriveAuditKey } from './keys'
import { openMirror } from './mirror'

export interface AuditLogSurroundings {
  database: Database
  config: ServerConfig
  secrets: ServerSecrets
  /** Where the end of the log is remembered; without it only the database says where it ends. */
  heads: AuditHeadStore | undefined
  log: Log
  now(): number
}

/** Puts the audit log together: what writes it, what reads it, and what remembers its end. */
export function openAuditLog({ database, config, secrets, heads, log, now }: AuditLogSurroundings) {
  const keys = createAuditKeys(secrets.auditKeys ?? [deriveAuditKey(lastingSecret(secrets))])
  const mirror = heads ? openMirror(heads, database, config.database, log) : null
  const news = createAccountNews(database, log)
  const audit = openAudit(database, keys, log, now, mirror?.moved, news.tail.wake)
  return {
    audit,
    news,
    service: createAuditService({ database, audit, keys, mirror, log, now }),
    async close(): Promise<void> {
      await audit.close()
      await news.tail.close()
      await mirror?.close()
    },
  }
}
