import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNumber } from '../../../server/ledger/intake/number-text'
import { readMilliseconds, readTime } from '../../../server/ledger/intake/time-text'

const number = (text: string) => readNumber(Buffer.from(`xx${text}yy`), 2, 2 + text.length)
const time = (text: string) => readTime(Buffer.from(`xx${text}99`), 2, 2 + text.length)

describe('a number', () => {
  test.each([
    ...['0', '-0', '1', '-1.5', '1e5', '1E+5', '1.25e-7', '0.1', '0.30000000000000004', '9007199254740993', '1e308'],
    ...[
      '123456789012345678901234567890',
      '0.000000000000000000000000000001',
      '5e-324',
      '1e-400',
      '1.7976931348623157e308',
    ],
    ...[
      '100000.00000000000000000000000000000001',
      '9007199254740992.5',
      '4503599627370497.5',
      '1e22',
      '1e23',
      '0e9999',
    ],
    ...['9007199254740993.00', '179769313486231580793728971405301'],
  ])('%s is what JSON makes of it', (text) => {
    expect(number(text)).toBe(JSON.parse(text))
  })

  test.each([
    ...['', '-', '+1', '.5', '5.', '1.e5', '01', '-01', '1e', '1e+', '1.2.3', '0x10', '1_000', '1,5', ' 1', '1 '],
    ...['NaN', 'Infinity', '-Infinity', 'null', '1e400', '-1e309', '1e5.5', '--1', '१'],
  ])('%j is none', (text) => {
    expect(number(text)).toBeNaN()
  })

  test('any double, as it is printed, comes back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        expect(number(JSON.stringify(double === 0 ? 0 : double))).toBe(double === 0 ? 0 : double)
        const precise = double.toPrecision(17)
        expect(number(precise)).toBe(Number(precise))
      }),
      { numRuns: 5000 },
    )
  })

  test('any digits with any point and exponent round as they must', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,22}$/)
    fc.assert(
      fc.property(digits, fc.nat(22), fc.option(fc.integer({ min: -40, max: 40 })), (all, point, exponent) => {
        const at = Math.max(all.length - point, 1)
        const text = `${all.slice(0, at)}${at < all.length ? `.${all.slice(at)}` : ''}${exponent === null ? '' : `e${exponent}`}`
        expect(number(text), text).toBe(Number(text))
      }),
      { numRuns: 20_000 },
    )
  })

  test('what lies nearer to the middle of two doubles than twice their digits can tell rounds as it must', () => {
    const hard = [18n, 19n, 20n, 21n, 22n].flatMap((exponent) =>
      [1n, -1n].flatMap((side) => nearlyMiddle(exponent, side)),
    )

    expect(hard.length).toBeGreaterThan(500)
    for (const text of hard) expect(number(text), text).toBe(Number(text))
  })

  test('the middle of two doubles, and what lies right beside it, round as they must', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 52, max: 2 ** 53 - 2 }),
        fc.constantFrom('', '0', '1', '01', '001'),
        fc.boolean(),
        (whole, beside, isBelow) => {
          const half = BigInt(whole) * 10n + 5n
          const text = isBelow ? `${String(half).slice(0, -1)}.4999` : `${whole}.5${beside}`
          expect(number(text), text).toBe(Number(text))
          const scaled = `${String(half - (isBelow ? 1n : 0n)).slice(0, 7)}.${String(half).slice(7)}`
          expect(number(scaled), scaled).toBe(Number(scaled))
        },
      ),
      { numRuns: 5000 },
    )
  })
})

describe('a time', () => {
  test.each([
    ['2024-03-01', Date.UTC(2024, 2, 1)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-03-01T16:00Z', Date.UTC(2024, 2, 1, 16)],
    ['2024-03-01T16:00:05Z', Date.UTC(2024, 2, 1, 16, 0, 5)],
    ['2024-03-01 16:00:05.25z', Date.UTC(2024, 2, 1, 16, 0, 5, 250)],
    ['2024-03-01t16:00:05.123000+00:00', Date.UTC(2024, 2, 1, 16, 0, 5, 123)],
    ['2024-03-01T01:30:00+05:45', Date.UTC(2024, 1, 29, 19, 45)],
    ['2024-03-01T23:30:00-0130', Date.UTC(2024, 2, 2, 1)],
    ['2024-03-01T23:30:00-01', Date.UTC(2024, 2, 2, 0, 30)],
    ['1709308800000', 1_709_308_800_000],
    ['-2208988800000', -2_208_988_800_000],
    ['1899-12-31', Date.UTC(1899, 11, 31)],
  ])('%s', (text, expected) => {
    expect(time(text)).toBe(expected)
  })

  test.each([
    ['2023-02-29', /no day of the calendar/],
    ['2024-13-01', /no day of the calendar/],
    ['2024-00-10', /no day of the calendar/],
    ['2024-04-31', /no day of the calendar/],
    ['2024-03-0x', /no day of the calendar/],
    ['2024-03-01T24:00:00Z', /no time of day/],
    ['2024-03-01T10:60Z', /no time of day/],
    ['2024-03-01T10:00:60Z', /no time of day/],
    ['2024-03-01T16:00:00', /no zone/],
    ['2024-03-01 16:00', /no zone/],
    ['2024-03-01T16:00:00.0001Z', /finer than a millisecond/],
    ['2024-03-01T16:00:00.Z', /is no time/],
    ['2024-03-01T16:00:00 Z', /is no time/],
    ['2024-03-01T16:00:00+1', /is no time/],
    ['2024-03-01T16:00:00+24:00', /is no time/],
    ['2024-03-01T16:00:00Zx', /is no time/],
    ['2024-03-01x', /is no t/],
    ['1709308800', /seconds are multiplied/],
    ['20240301', /seconds are multiplied/],
    ['99999999999999999', /is no time/],
    ['8640000000000001', /is no time/],
    ['1709308800000.5', /is no time/],
    ['01.03.2024', /is no time/],
    ['yesterday', /is no time/],
    ['', /is no time/],
    ['-', /is no time/],
  ])('%j is refused', (text, message) => {
    expect(time(text)).toMatch(message)
  })

  test('every instant comes back from its ISO text and its number', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          const ms = date.getTime()
          expect(time(date.toISOString())).toBe(ms)
          expect(time(date.toISOString().slice(0, 10))).toBe(Math.floor(ms / 86_400_000) * 86_400_000)
          const text = Buffer.from(String(ms))
          if (Math.abs(ms) >= 1e11) expect(readMilliseconds(text, 0, text.length)).toBe(ms)
        },
      ),
    )
  })
})

/**
 * Decimals of 18 or 19 digits, so many of them behind the point, that are off the middle of two doubles by less than
 * 5^-exponent of their distance: the middle is m ÷ 2^(bits + exponent), m of 54 bits and odd, and m is chosen so that
 * m · 5^exponent ± 1 is a multiple of 2^bits.
 */
function nearlyMiddle(exponent: bigint, side: bigint): string[] {
  const power = 5n ** exponent
  return [44n, 45n, 46n, 47n, 48n].flatMap((bits) => {
    const modulus = 2n ** bits
    const start = (((-side * inverse(power, modulus)) % modulus) + modulus) % modulus
    const found: string[] = []
    for (let middle = start + (2n ** 53n / modulus + 1n) * modulus; middle < 2n ** 54n; middle += modulus) {
      const digits = String((middle * power + side) / modulus)
      if (digits.length > Number(exponent) || digits.length > 19) continue
      found.push(`0.${digits.padStart(Number(exponent), '0')}`)
      if (found.length === 40) break
    }
    return found
  })
}

/** Of an odd number, modulo a power of two, by Newton's iteration. */
function inverse(number: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let step = 0; step < 7; step++) result = (result * (2n - number * result)) % modulus
  return result
}
