import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

const KEY_BYTES = 32
const DERIVATION_LABEL = 'aurelius/audit-key/v1'
const ID_LABEL = 'aurelius/audit-key-id/v1'

export interface AuditKey {
  /** 16 hex digits that name the key and give nothing of it away. */
  id: string
  key: KeyObject
}

/** The key that seals new entries, and all at hand that check old ones. */
export interface AuditKeys {
  current: AuditKey
  find(id: string): AuditKey | undefined
}

/** For whoever has none: hashes are checked all the same. */
export const NO_KEYS: Pick<AuditKeys, 'find'> = { find: () => undefined }

/** An audit key that follows from another secret. HKDF-SHA-256, RFC 5869. */
export function deriveAuditKey(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), DERIVATION_LABEL, KEY_BYTES))
}

/** @param secrets 32 bytes or more each; the first one seals, all of them check */
export function createAuditKeys([first, ...others]: [Uint8Array, ...Uint8Array[]]): AuditKeys {
  const current = toKey(first)
  const known = new Map([current, ...others.map(toKey)].map((key) => [key.id, key]))
  return { current, find: (id) => known.get(id) }
}

function toKey(secret: Uint8Array): AuditKey {
  const id = createHmac('sha256', secret).update(ID_LABEL).digest('hex').slice(0, 16)
  return { id, key: createSecretKey(secret) }
}
