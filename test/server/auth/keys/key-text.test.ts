import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { API_KEY_PATTERN } from '../../../../contracts/api-keys'
import { createKeyText, hashOfKey, hintOf, isKeyText } from '../../../../server/auth/keys/key-text'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The documented rule, worked out in another way: the first 32 bits of the SHA-256 as a number, digit by digit. */
function checksumByTheBook(start: string): string {
  let rest = createHash('sha256').update(start).digest().readUInt32BE(0)
  const digits: string[] = []
  for (let place = 0; place < 6; place += 1) {
    digits.unshift(DIGITS[rest % 62] ?? '')
    rest = Math.floor(rest / 62)
  }
  return digits.join('')
}

test('a key is the prefix, 43 characters and the checksum of both, and no two are alike', () => {
  const keys = Array.from({ length: 500 }, createKeyText)

  expect(new Set(keys).size).toBe(keys.length)
  for (const key of keys) {
    expect(key).toMatch(new RegExp(`^${API_KEY_PATTERN}$`))
    expect(key.slice(-6)).toBe(checksumByTheBook(key.slice(0, -6)))
    expect(isKeyText(key)).toBe(true)
    expect(hashOfKey(key)).toBe(createHash('sha256').update(key).digest('hex'))
    expect(key.startsWith(hintOf(key)) && hintOf(key).length).toBe(8)
  }
})

test('the characters of keys are spread over all digits: 256 bits are in use', () => {
  const counts = new Map<string, number>()
  for (let turn = 0; turn < 500; turn += 1)
    for (const digit of createKeyText().slice(5, -6)) counts.set(digit, (counts.get(digit) ?? 0) + 1)

  const expected = (500 * 42) / DIGITS.length
  for (const digit of DIGITS) expect(Math.abs((counts.get(digit) ?? 0) - expected)).toBeLessThan(expected / 2)
})

test.each<[string, (key: string) => string]>([
  ['another last character', (key) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')],
  ['another first character', (key) => `aur_${key[4] === '0' ? '1' : '0'}${key.slice(5)}`],
  ['two characters changed round', (key) => `aur_${key.slice(5, 25)}${key[4]}${key.slice(25)}`],
  ['a character more', (key) => `${key}0`],
  ['a character less', (key) => key.slice(0, -1)],
  ['another prefix', (key) => `aus_${key.slice(4)}`],
  ['white space', (key) => ` ${key}`],
  ['a line after it', (key) => `${key}\n`],
  ['nothing but the prefix', () => 'aur_'],
])('%s is no key', (_what, change) => {
  expect(isKeyText(change(createKeyText()))).toBe(false)
})
