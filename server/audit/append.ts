import { type Transaction, UniqueConstraintError } from 'sequelize'
import type { AuditHead } from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import { hasCode } from '../db/failures'
import { storedInstant } from '../db/instants'
import { headAfter, seal, type UnsealedEntry } from './chain'
import { AUDIT_COLUMNS } from './entries'
import type { AuditKey } from './keys'

const PLACES = AUDIT_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')
const INSERT = `INSERT INTO audit_log (${AUDIT_COLUMNS.join(', ')}) VALUES (${PLACES})`
const HEAD = "SELECT seq, hash, key_id, mac FROM audit_head WHERE id = 'head'"
const READ_HEAD = { sqlite: HEAD, postgres: `${HEAD} FOR UPDATE` }
const MOVE_HEAD = "UPDATE audit_head SET seq = $1, hash = $2, key_id = $3, mac = $4 WHERE id = 'head'"

export type NewEntry = Omit<UnsealedEntry, 'seq' | 'key_id' | 'previous_hash'>

/**
 * Adds entries to the end of the chain and answers its new head. On Postgres the row of the head is locked until the
 * transaction ends, so that nodes take turns; on SQLite a transaction that writes is alone anyway.
 */
export async function append(
  { dialect, statementsIn }: Database,
  entries: NewEntry[],
  key: AuditKey,
  transaction: Transaction,
): Promise<AuditHead> {
  const run = statementsIn(transaction)
  const [found] = await run(READ_HEAD[dialect], [])
  if (!found) throw new Error('The audit log has lost its head')
  let head = { ...(found as unknown as AuditHead), seq: Number(found.seq) }
  for (const entry of entries) {
    const sealed = seal({ ...entry, seq: head.seq + 1, key_id: key.id, previous_hash: head.hash }, key)
    const row = {
      ...sealed,
      occurred_at: storedInstant(dialect, Date.parse(sealed.occurred_at)),
      details: canonicalJson(sealed.details),
    }
    const values = AUDIT_COLUMNS.map((column) => row[column])
    await run(INSERT, values).catch(explain)
    head = headAfter(sealed, key)
  }
  await run(MOVE_HEAD, [head.seq, head.hash, head.key_id, head.mac])
  return head
}

/** Whoever catches that a row is not unique means one of their own. */
function explain(error: unknown): never {
  if (!(error instanceof UniqueConstraintError || hasCode(error, 'SQLITE_CONSTRAINT'))) throw error
  throw new Error('The audit log holds more entries than its head says', { cause: error })
}
