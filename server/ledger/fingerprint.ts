import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonical-json'

/** SHA-256, in hex, of data in canonical JSON (RFC 8785): equal data have an equal fingerprint, however they are written. */
export function fingerprint(data: unknown): string {
  return createHash('sha256').update(canonicalJson(data)).digest('hex')
}
