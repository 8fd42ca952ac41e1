import { createHash, createHmac } from 'node:crypto'
import type { AuditEntry, AuditHead } from '../../contracts/audit-log'
import { canonicalJson } from '../canonical-json'
import type { AuditKey } from './keys'

export const FIRST_HASH = '0'.repeat(64)

const ENTRY_LABEL = 'aurelius/audit-entry/v1'
const HEAD_LABEL = 'aurelius/audit-head/v1'

export type UnsealedEntry = Omit<AuditEntry, 'hash' | 'mac'>

/** SHA-256 of the canonical JSON (RFC 8785) of everything but `hash` and `mac`, in hex. */
export function hashOf(entry: UnsealedEntry | AuditEntry): string {
  const { hash, mac, ...hashed } = entry as AuditEntry
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex')
}

/** HMAC-SHA-256 (RFC 2104) of an entry's hash, in hex. */
export function macOf({ key }: AuditKey, hash: string): string {
  return createHmac('sha256', key).update(`${ENTRY_LABEL}\n${hash}`).digest('hex')
}

/** As `macOf`, for the end of the chain: from the entries alone nobody can make the head of a shorter one. */
export function headMacOf({ key }: AuditKey, { seq, hash }: Pick<AuditHead, 'seq' | 'hash'>): string {
  return createHmac('sha256', key).update(`${HEAD_LABEL}\n${seq}\n${hash}`).digest('hex')
}

export function seal(entry: UnsealedEntry, key: AuditKey): AuditEntry {
  const hash = hashOf(entry)
  return { ...entry, hash, mac: macOf(key, hash) }
}

export function headAfter({ seq, hash }: AuditEntry, key: AuditKey): AuditHead {
  return { seq, hash, key_id: key.id, mac: headMacOf(key, { seq, hash }) }
}
