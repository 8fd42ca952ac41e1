import { type ActorKind, actorKind } from '../../contracts/audit'
import type { AuditEntry } from '../../contracts/audit-log'
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

/**
 * A row as an entry. What somebody put into a row that no entry can hold becomes something else: so no row keeps the
 * others from being read, and its hash tells.
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
    if (typeof details === 'object' && details !== null && !Array.isArray(details))
      return details as Record<string, unknown>
  } catch {
    // No JSON: nothing the log wrote.
  }
  return { unreadable: text }
}
