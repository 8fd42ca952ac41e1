import { type ActorKind, actorKind } from '../../contracts/audit'
import type { AuditEntry } from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { Database } from '../db/database'
import { storedInstant } from '../db/instants'
import type { Row } from '../db/select'

export const AUDIT_COLUMNS = [
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
] as const satisfies (keyof AuditEntry)[]

type Dialect = Database['dialect']

const SEAL = /^[0-9a-f]{64}$/
// An instant as it is stored, which the driver's own reading of it may not tell.
const STORED_AT = {
  sqlite: "CASE typeof(occurred_at) WHEN 'text' THEN occurred_at || '' END",
  postgres: "date_trunc('milliseconds', occurred_at) = occurred_at",
}

/** The columns `isAsWritten` needs. */
export const storedColumns = ({ dialect }: Pick<Database, 'dialect'>): string =>
  `${AUDIT_COLUMNS.join(', ')}, ${STORED_AT[dialect]} AS stored_at`

/**
 * Whether a row is, value by value, what the log writes for its entry: of the same type and in the same spelling.
 *
 * @param row with the columns of `storedColumns`
 */
export function isAsWritten(row: Row, dialect: Dialect): boolean {
  const entry = toEntry(row)
  const written: Row = {
    ...entry,
    seq: dialect === 'sqlite' ? entry.seq : String(entry.seq),
    occurred_at: row.occurred_at,
    details: canonicalJson(entry.details),
    stored_at: dialect === 'sqlite' ? storedInstant(dialect, Date.parse(entry.occurred_at)) : true,
  }
  return SEAL.test(entry.mac) && Object.keys(written).every((column) => row[column] === written[column])
}

/** The values of a row, for whoever looks into what was done to it. Bytes are in hex. */
export function storedValues(row: Row): Row {
  const values = AUDIT_COLUMNS.map((column) => {
    const value = column === 'occurred_at' && typeof row.stored_at === 'string' ? row.stored_at : row[column]
    if (Buffer.isBuffer(value)) return [column, { bytes: value.toString('hex') }]
    return [column, value == null ? null : String(value instanceof Date ? value.toISOString() : value)]
  })
  return Object.fromEntries(values)
}

/**
 * A row as an entry. What somebody put into a row that no entry can hold becomes something else: so no row keeps the
 * others from being read; `isAsWritten` and its hash tell.
 */
export function toEntry(row: Row): AuditEntry {
  return {
    seq: Number(row.seq),
    occurred_at: toInstant(row.occurred_at),
    action: String(row.action),
    outcome: row.outcome === 'success' ? 'success' : 'failure',
    actor_kind: isActorKind(row.actor_kind) ? row.actor_kind : 'anonymous',
    actor_id: toText(row.actor_id),
    credential_id: toText(row.credential_id),
    account_id: toText(row.account_id),
    target_type: toText(row.target_type),
    target_id: toText(row.target_id),
    address: toText(row.address),
    device: toText(row.device),
    request_id: toText(row.request_id),
    details: toDetails(String(row.details)),
    key_id: String(row.key_id),
    previous_hash: String(row.previous_hash),
    hash: String(row.hash),
    mac: String(row.mac),
  }
}

const isActorKind = (value: unknown): value is ActorKind => actorKind.safeParse(value).success
const toText = (value: unknown): string | null => (value == null ? null : String(value))

function toInstant(value: unknown): string {
  const instant = new Date(value instanceof Date ? value : String(value))
  return (Number.isNaN(instant.getTime()) ? new Date(0) : instant).toISOString()
}

function toDetails(text: string): Record<string, unknown> {
  try {
    const details: unknown = JSON.parse(text)
    if (typeof details === 'object' && details !== null && !Array.isArray(details) && canonicalJson(details))
      return details as Record<string, unknown>
  } catch {
    // No JSON, or none that canonical JSON can say: nothing the log wrote.
  }
  return { unreadable: text }
}
