import { QueryTypes, type Transaction, UniqueConstraintError } from 'sequelize'
import type { AuditHead } from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import { headAfter, seal, type UnsealedEntry } from './chain'
import { AUDIT_COLUMNS } from './entries'
import type { AuditKey } from './keys'

const PLACES = AUDIT_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')
const INSERT = `INSERT INTO audit_log (${AUDIT_COLUMNS.join(', ')}) VALUES (${PLACES})`
const MOVE_HEAD = "UPDATE audit_head SET seq = $1, hash = $2, key_id = $3, mac = $4 WHERE id = 'head'"

export type NewEntry = Omit<UnsealedEntry, 'seq' | 'key_id' | 'previous_hash'>

/**
 * Adds entries to the end of the chain and answers its new head. On Postgres the row of the head is locked until the
 * transaction ends, so that nodes take turns; on SQLite a transaction that writes is alone anyway.
 */
export async function append(
  { dialect, sequelize }: Database,
  entries: NewEntry[],
  key: AuditKey,
  transaction: Transaction,
): Promise<AuditHead> {
  const lock = dialect === 'postgres' ? ' FOR UPDATE' : ''
  const [found] = await sequelize.query<AuditHead>(
    `SELECT seq, hash, key_id, mac FROM audit_head WHERE id = 'head'${lock}`,
    {
      type: QueryTypes.SELECT,
      transaction,
    },
  )
  if (!found) throw new Error('The audit log has lost its head')
  let head = { ...found, seq: Number(found.seq) }
  for (const entry of entries) {
    const sealed = seal({ ...entry, seq: head.seq + 1, key_id: key.id, previous_hash: head.hash }, key)
    const row = { ...sealed, occurred_at: stored(sealed.occurred_at, dialect), details: canonicalJson(sealed.details) }
    await sequelize.query(INSERT, { bind: AUDIT_COLUMNS.map((column) => row[column]), transaction }).catch(explain)
    head = headAfter(sealed, key)
  }
  await sequelize.query(MOVE_HEAD, { bind: [head.seq, head.hash, head.key_id, head.mac], transaction })
  return head
}

/** Whoever catches that a row is not unique means one of their own. */
function explain(error: unknown): never {
  if (!(error instanceof UniqueConstraintError)) throw error
  throw new Error('The audit log holds more entries than its head says', { cause: error })
}

/** As Sequelize writes an instant: bound values pass it by. */
function stored(instant: string, dialect: Database['dialect']): string {
  return dialect === 'sqlite' ? instant.replace('T', ' ').replace('Z', ' +00:00') : instant
}
