import { createHash, randomBytes } from 'node:crypto'
import { API_KEY_PATTERN, API_KEY_PREFIX } from '../../../contracts/api-keys'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_BYTES = 32
const SECRET_LENGTH = 43 // 62^43 is the first power above 2^256
const CHECKSUM_BYTES = 4
const CHECKSUM_LENGTH = 6
const HINT_LENGTH = API_KEY_PREFIX.length + 4
const SHAPE = new RegExp(`^${API_KEY_PATTERN}$`)

/** A new API key: prefix, 256 random bits and their checksum, in digits and letters alone, so that a double click takes it all. */
export function createKeyText(): string {
  const start = API_KEY_PREFIX + inBase62(randomBytes(SECRET_BYTES), SECRET_LENGTH)
  return start + checksumOf(start)
}

/** Whether a text can be a key at all. It tells a typing error, or what a scanner found, without a look into the database. */
export function isKeyText(text: string): boolean {
  return SHAPE.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH)
}

/** What is stored of a key. It has 256 random bits, so its hash needs neither salt nor cost. */
export function hashOfKey(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What a key may be recognised by. */
export const hintOf = (text: string): string => text.slice(0, HINT_LENGTH)

/** The first 32 bits of the SHA-256 of all that stands before. */
function checksumOf(start: string): string {
  return inBase62(createHash('sha256').update(start).digest().subarray(0, CHECKSUM_BYTES), CHECKSUM_LENGTH)
}

function inBase62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}
