import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonical-json'
import type { Curve } from '../quant/curve'

/** SHA-256, in hex, of data in canonical JSON (RFC 8785): equal data have an equal fingerprint, however they are written. */
export function fingerprint(data: unknown): string {
  return createHash('sha256').update(canonicalJson(data)).digest('hex')
}

/** SHA-256, in hex, of a curve: the number of points, then all times, then all values, little-endian. */
export function curveFingerprint({ times, values }: Curve): string {
  const count = Buffer.alloc(8)
  count.writeBigUInt64LE(BigInt(times.length))
  return createHash('sha256').update(count).update(bytesOf(times)).update(bytesOf(values)).digest('hex')
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
