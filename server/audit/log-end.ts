import type { AuditFault, AuditHead } from '../../contracts/audit-log'
import { SCHEME } from '../auth/passwords'
import type { Database } from '../db/database'
import { type Row, select } from '../db/select'
import { FIRST_HASH } from './chain'
import { storedColumns } from './entries'

const MOST_STRAYS = 1_000
export const NO_ENTRIES: AuditHead = { seq: 0, hash: FIRST_HASH, key_id: '', mac: '' }

// Rows that were written together with an entry. Accounts taken over from another system have a password of its own kind.
const AUDITED = [
  `SELECT 1 FROM users WHERE hashed_password LIKE '${SCHEME}%'`,
  ...['sessions', 'api_keys', 'ledger_events'].map((table) => `SELECT 1 FROM ${table}`),
]
const IS_EMPTIED = `SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM audit_log)
  AND (${AUDITED.map((rows) => `EXISTS (${rows})`).join(' OR ')}) THEN 1 ELSE 0 END AS is_emptied`

/** The end of the chain as the database says it; nothing where there is none, or none that a server could have written. */
export async function findHead(database: Database): Promise<AuditHead | undefined> {
  const [row] = await select(database, "SELECT seq, hash, key_id, mac FROM audit_head WHERE id = 'head'", {})
  if (!row) return undefined
  const { hash, key_id, mac } = row
  const seq = Number(row.seq)
  const isNumber = Number.isSafeInteger(seq) && seq >= 0 && String(row.seq) === String(seq)
  if (!isNumber || typeof hash !== 'string' || typeof key_id !== 'string' || typeof mac !== 'string') return undefined
  return { seq, hash, key_id, mac }
}

/** As `findHead`; without one, that of a log without entries. */
export const readHead = async (database: Database): Promise<AuditHead> => (await findHead(database)) ?? NO_ENTRIES

/** Up to which entry the chain goes: without a head, to wherever it ends. */
export const lastOf = (head: AuditHead | undefined): number => head?.seq ?? Number.MAX_SAFE_INTEGER

/** What is wrong with a log that has no end, or has no entries although the rest of the database tells of events. */
export async function findEndFault(database: Database, head: AuditHead | undefined): Promise<AuditFault | undefined> {
  if (head && head.seq > 0) return undefined
  // One statement, so that an event and its entry are both there or both not.
  const [row] = await select(database, IS_EMPTIED, {})
  if (Number(row?.is_emptied) === 1)
    return fault('The audit log is empty, but the database holds accounts or work that it should tell of.')
  return head
    ? undefined
    : fault('The audit log has lost its end: what says which entry is the newest is gone, so entries may be missing.')
}

const fault = (message: string): AuditFault => ({ seq: 1, kind: 'removed', message })

/** Rows with numbers that the log has not given: before its first entry, or past its head. The lowest come first. */
export function readStrays(database: Database, most = MOST_STRAYS): Promise<Row[]> {
  // One statement, so that an entry that is written meanwhile comes with its head.
  return select(
    database,
    `SELECT ${storedColumns(database)} FROM audit_log WHERE seq <= 0
     OR seq > (SELECT seq FROM audit_head WHERE id = 'head') ORDER BY seq LIMIT :most`,
    { most },
  )
}
