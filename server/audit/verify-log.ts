import type { AuditEntry, AuditHead, AuditVerification } from '../../contracts/audit-log'
import type { Database } from '../db/database'
import { select } from '../db/select'
import type { Log } from '../log'
import { FIRST_HASH, headMacOf } from './chain'
import { AUDIT_COLUMNS, toEntry } from './entries'
import type { AuditKeys } from './keys'
import type { AuditMirror } from './mirror'
import { createVerifier, faultAt } from './verifier'

const CHUNK = 500
const COLUMNS = AUDIT_COLUMNS.join(', ')

/** The end of the chain as the database says it. */
export async function readHead(database: Database): Promise<AuditHead> {
  const [row] = await select(database, "SELECT seq, hash, key_id, mac FROM audit_head WHERE id = 'head'", {})
  if (!row) return { seq: 0, hash: FIRST_HASH, key_id: '', mac: '' }
  return { seq: Number(row.seq), hash: String(row.hash), key_id: String(row.key_id), mac: String(row.mac) }
}

/** Entries from the first one up to `last`, a few hundred at a time. */
export async function* readEntries(database: Database, last: number): AsyncGenerator<AuditEntry> {
  for (let after = -1; ; ) {
    const rows = await select(
      database,
      `SELECT ${COLUMNS} FROM audit_log WHERE seq > :after AND seq <= :last ORDER BY seq LIMIT ${CHUNK}`,
      { after, last },
    )
    for (const row of rows) yield toEntry(row)
    if (rows.length < CHUNK) return
    after = Number(rows.at(-1)?.seq)
  }
}

/**
 * Checks the whole log as it stands, against itself and against what is remembered outside the database. Entries that
 * are written meanwhile are not looked at.
 */
export async function verifyLog(
  database: Database,
  keys: Pick<AuditKeys, 'find'>,
  mirror: AuditMirror | null,
  log: Log,
  now: () => number,
): Promise<AuditVerification> {
  // Read first: the log is then at least as long.
  const remembered = await recall(mirror, log)
  const head = await readHead(database)
  const verifier = createVerifier(keys)
  let atMirror: string | undefined
  for await (const entry of readEntries(database, head.seq)) {
    verifier.check(entry)
    if (entry.seq === remembered?.seq) atMirror = entry.hash
  }
  verifier.finish(head)
  if (remembered && remembered.seq > head.seq) verifier.add(faultAt(head.seq + 1, 'cut_off'))
  else if (remembered && remembered.seq > 0 && !isSame(remembered, atMirror, keys))
    verifier.add(faultAt(remembered.seq, 'replaced'))
  return {
    ...verifier.result(),
    head: { seq: head.seq, hash: head.hash },
    mirror: { place: mirror?.place ?? 'none', seq: remembered?.seq ?? null },
    verified_at: new Date(now()).toISOString(),
  }
}

/** A keychain that does not answer is no fault of the log. */
async function recall(mirror: AuditMirror | null, log: Log): Promise<AuditHead | null> {
  try {
    return (await mirror?.read()) ?? null
  } catch (error) {
    log.warn({ err: error }, 'what is remembered of the audit log cannot be read')
    return null
  }
}

function isSame(remembered: AuditHead, hashInLog: string | undefined, keys: Pick<AuditKeys, 'find'>): boolean {
  const key = keys.find(remembered.key_id)
  return hashInLog === remembered.hash && (!key || headMacOf(key, remembered) === remembered.mac)
}
