import type { AuditHead, AuditVerification } from '../../contracts/audit-log'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import type { Log } from '../log'
import { headMacOf } from './chain'
import { isAsWritten, storedColumns, toEntry } from './entries'
import type { AuditKeys } from './keys'
import { findEndFault, findHead, lastOf, NO_ENTRIES, readStrays } from './log-end'
import type { AuditMirror } from './mirror'
import { createVerifier, faultAt, strayAt } from './verifier'

const CHUNK = 500
/** Rows of the chain from the first entry up to `last`, a few hundred at a time. */
async function* readRows(database: Database, last: number): AsyncGenerator<Row> {
  for (let after = 0; ; ) {
    const rows = await select(
      database,
      `SELECT ${storedColumns(database)} FROM audit_log WHERE seq > :after AND seq <= :last ORDER BY seq LIMIT ${CHUNK}`,
      { after, last },
    )
    yield* rows
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
  const found = await findHead(database)
  const endFault = await findEndFault(database, found)
  const head = found ?? NO_ENTRIES
  const verifier = createVerifier(keys)
  if (endFault) verifier.add(endFault)
  let atMirror: string | undefined
  for await (const row of readRows(database, lastOf(found))) {
    const entry = toEntry(row)
    verifier.check(entry, isAsWritten(row, database.dialect))
    if (entry.seq === remembered?.seq) atMirror = entry.hash
  }
  verifier.finish(head)
  const [stray] = await readStrays(database, 1)
  if (stray) verifier.add(strayAt(Number(stray.seq)))
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
