import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { type AuditHead, auditHead } from '../../contracts/audit-log'
import type { AuditHeadStore } from '../audit-heads'
import type { DatabaseConfig } from '../config'
import type { Database } from '../db/database'
import { select } from '../db/select'
import type { Log } from '../log'

const SOON_MS = 1_000
const INTERVAL_MS = 30_000
const LAST_WRITE_LIMIT_MS = 3_000

export type AuditMirror = ReturnType<typeof openMirror>

/**
 * Remembers the end of the chain outside the database, so that it shows when the newest entries are cut off. It follows
 * behind, at most twice a minute, since a keychain is slow; and it never forgets an entry that the log has lost.
 */
export function openMirror(store: AuditHeadStore, database: Database, config: DatabaseConfig, log: Log) {
  const name = auditHeadName(config)
  let latest: AuditHead | undefined
  let timer: NodeJS.Timeout | undefined
  let writtenAt = 0
  let writing: Promise<void> = Promise.resolve()

  async function read(): Promise<AuditHead | null> {
    const text = await store.read(name)
    return text === null ? null : auditHead.parse(JSON.parse(text))
  }

  async function holds({ seq, hash }: AuditHead): Promise<boolean> {
    if (seq === 0) return true
    const [row] = await select(database, 'SELECT hash FROM audit_log WHERE seq = :seq', { seq })
    return row?.hash === hash
  }

  async function remember(): Promise<void> {
    const head = latest
    latest = undefined
    const known = head && (await read())
    if (!head || (known && known.seq >= head.seq)) return
    if (known && !(await holds(known))) {
      log.error({ seq: known.seq }, 'the audit log has lost an entry that is remembered: verify it')
      return
    }
    await store.write(name, JSON.stringify(head))
  }

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writtenAt = Date.now()
    writing = writing
      .then(remember)
      .catch((error) => log.warn({ err: error }, 'the end of the audit log could not be remembered'))
    return writing
  }

  return {
    place: store.place,
    read,

    /** Takes note of a new end of the chain. */
    moved(head: AuditHead): void {
      latest = head
      if (timer) return
      timer = setTimeout(write, Math.max(SOON_MS, writtenAt + INTERVAL_MS - Date.now()))
      timer.unref()
    },

    /** Remembers this end whatever was remembered before. */
    replace: (head: AuditHead) => store.write(name, JSON.stringify(head)),

    async close(): Promise<void> {
      let limit: NodeJS.Timeout | undefined
      const tooLate = new Promise<void>((resolveLimit) => {
        limit = setTimeout(resolveLimit, LAST_WRITE_LIMIT_MS)
      })
      await Promise.race([latest ? write() : writing, tooLate])
      clearTimeout(limit)
      clearTimeout(timer)
    },
  }
}

/** One name per database, since a keychain is one for all. */
export function auditHeadName(config: DatabaseConfig): string {
  const identity =
    config.dialect === 'sqlite'
      ? `sqlite ${resolve(config.storage)}`
      : `postgres ${config.host} ${config.port} ${config.name}`
  return `audit-head-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`
}
