import { QueryTypes, type Transaction } from 'sequelize'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import { type Head, headAfter, seal, type UnsealedEntry } from './chain'
import type { AuditKey } from './keys'

const COLUMNS = [
  'seq',
  'occurred_at',
  'action',
  'outcome',
  'actor_kind',
  'actor_id',
  'credential_id',
  'account_id',
  'target_type',
  'target_id',
  'address',
  'device',
  'request_id',
  'details',
  'key_id',
  'previous_hash',
  'hash',
  'mac',
] as const
const PLACES = COLUMNS.map((_, index) => `$${index + 1}`).join(', ')
const INSERT = `INSERT INTO audit_log (${COLUMNS.join(', ')}) VALUES (${PLACES})`
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
): Promise<Head> {
  const lock = dialect === 'postgres' ? ' FOR UPDATE' : ''
  const [found] = await sequelize.query<Head>(
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
    await sequelize.query(INSERT, { bind: COLUMNS.map((column) => row[column]), transaction })
    head = headAfter(sealed, key)
  }
  await sequelize.query(MOVE_HEAD, { bind: [head.seq, head.hash, head.key_id, head.mac], transaction })
  return head
}

/** As Sequelize writes an instant: bound values pass it by. */
function stored(instant: string, dialect: Database['dialect']): string {
  return dialect === 'sqlite' ? instant.replace('T', ' ').replace('Z', ' +00:00') : instant
}
