const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e
/** Digits of each of the two whole numbers that a decimal is read into; nine fit into 32 bits. */
const HALF_DIGITS = 9
/** Powers of ten, as far as a double holds them exactly. */
export const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const LARGEST_POWER = 22
/** Dekker's constant: splits a double into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1
/** A rounding that holds for an error this much larger holds for the error we may have made. */
const DOUBT = 1 + 2 ** -20
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i

const found = new Float64Array(1)

/**
 * The double that a number in JSON's spelling stands for, as `Number` gives it, but without making a string of it unless
 * its digits demand that: a curve has a million of them.
 *
 * @returns NaN where the bytes are no such number, or too large for a double
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  if (readDecimal(bytes, start, end, found, 0) === end) return found[0] as number
  const text = textOf(bytes, start, end)
  const number = JSON_NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : Number.NaN
}

/**
 * Reads a number of up to 18 digits, without an exponent, as far as it goes, and puts it into a place of an array: a
 * number that a function returns costs a box on the heap.
 *
 * @returns the index behind it; -1 where there is none, or none that can be told from its digits alone
 */
export function readDecimal(bytes: Uint8Array, start: number, end: number, into: Float64Array, place: number): number {
  const isNegative = bytes[start] === MINUS
  const first = isNegative ? start + 1 : start
  let high = 0
  let low = 0
  let lowDigits = 0
  let decimals = 0
  let at = first
  // A byte differs from '0' by at most 9 in its bits if it is a digit, by more if it is none.
  let stop = Math.min(end, first + HALF_DIGITS)
  for (; at < stop; at++) {
    const digit = (bytes[at] as number) ^ ZERO
    if (digit > 9) break
    high = high * 10 + digit
  }
  const wholeDigits = at - first
  if (wholeDigits === 0 || (wholeDigits > 1 && bytes[first] === ZERO)) return -1
  if (wholeDigits === HALF_DIGITS) {
    stop = Math.min(end, at + HALF_DIGITS)
    for (; at < stop; at++) {
      const digit = (bytes[at] as number) ^ ZERO
      if (digit > 9) break
      low = low * 10 + digit
    }
    lowDigits = at - first - HALF_DIGITS
  }
  if (at < end && bytes[at] === POINT) {
    const fraction = ++at
    let room = HALF_DIGITS - wholeDigits
    if (high === 0) {
      while (at < end && bytes[at] === ZERO) at++
      room = HALF_DIGITS
    }
    stop = Math.min(end, at + room)
    for (; at < stop; at++) {
      const digit = (bytes[at] as number) ^ ZERO
      if (digit > 9) break
      high = high * 10 + digit
    }
    if (at === stop) {
      const from = at
      stop = Math.min(end, at + HALF_DIGITS - lowDigits)
      for (; at < stop; at++) {
        const digit = (bytes[at] as number) ^ ZERO
        if (digit > 9) break
        low = low * 10 + digit
      }
      lowDigits += at - from
    }
    decimals = at - fraction
    if (decimals === 0 || decimals > LARGEST_POWER) return -1
  }
  if (at < end && ((bytes[at] as number) ^ ZERO) <= 9) return -1

  // The product has at most 51 bits that are not zero, so it is exact, and of the sum `tail` is what rounding took.
  const product = high * (POWERS[lowDigits] as number)
  const sum = product + low
  const tail = low - (sum - product)
  // Of two numbers that are exact one operation rounds as it must (Clinger 1990).
  let magnitude = sum
  if (decimals > 0) {
    const divisor = POWERS[decimals] as number
    magnitude = tail === 0 ? sum / divisor : divide(sum, tail, divisor)
    if (Number.isNaN(magnitude)) return -1
  }
  into[place] = isNegative ? -magnitude : magnitude
  return at
}

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/**
 * (head + tail) ÷ divisor, correctly rounded; NaN where the exact quotient lies so near the middle of two doubles that
 * this cannot tell. The quotient's error is computed and added, both to twice the digits of a double.
 *
 * @param tail below half a unit in the last place of head; divisor a power of ten that is exact
 * @see Dekker (1971), A floating-point technique for extending the available precision, Numerische Mathematik 18
 */
function divide(head: number, tail: number, divisor: number): number {
  const quotient = head / divisor
  const back = quotient * divisor
  const remainder = head - back - lost(quotient, divisor, back) + tail
  const correction = remainder / divisor
  const result = quotient + correction
  const error = correction - (result - quotient)
  return result + error * DOUBT === result ? result : Number.NaN
}

/** What rounding took from a product of two numbers. */
function lost(left: number, right: number, product: number): number {
  const leftSplit = left * SPLITTER
  const leftHigh = leftSplit - (leftSplit - left)
  const leftLow = left - leftHigh
  const rightSplit = right * SPLITTER
  const rightHigh = rightSplit - (rightSplit - right)
  const rightLow = right - rightHigh
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow)
}
