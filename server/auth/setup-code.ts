import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const LABEL = 'aurelius/setup-code/v1'
// Crockford's base 32: no letter looks like a digit, and those that do are read as the digit.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHARACTERS = 16 // of 5 bits each
const GROUP = 4

/**
 * The code that lets somebody make the first administrator: 80 bits, in groups that can be typed. It follows from the
 * signing key, so every node that shares the key takes it, and a restart does not change it.
 */
export function makeSetupCode(secret: Uint8Array): string {
  const bytes = createHmac('sha256', secret).update(LABEL).digest()
  const characters = Array.from(bytes.subarray(0, CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length])
  return characters.join('').replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')
}

/** Whether somebody typed the code; in whatever case, with or without dashes. */
export function isSetupCode(typed: string, code: string): boolean {
  return timingSafeEqual(digestOf(typed), digestOf(code))
}

function digestOf(code: string): Buffer {
  const read = code
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll(/[^0-9A-Z]/g, '')
  return createHash('sha256').update(read).digest()
}
