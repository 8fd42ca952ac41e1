const ZERO = 0x30
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const HEAD_DIGITS = 15
const TAIL_DIGITS = 4
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const LARGEST_POWER = 22
/** Dekker's constant: splits a double into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1
/** A rounding that holds for an error this much larger holds for the error we may have made. */
const DOUBT = 1 + 2 ** -20

/**
 * The double that a number in JSON's spelling stands for, as `Number` gives it, but without making a string of it unless
 * its digits demand that: a curve has a million of them.
 *
 * @returns NaN where the bytes are no such number, or too large for a double
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const isNegative = bytes[at] === MINUS
  if (isNegative) at++
  if (bytes[at] === ZERO && isDigit(bytes[at + 1]) && at + 1 < end) return Number.NaN

  let head = 0
  let tail = 0
  let headDigits = 0
  let tailDigits = 0
  let pointAt = -1
  const firstDigit = at
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (isDigit(byte)) {
      if (headDigits < HEAD_DIGITS) {
        head = head * 10 + (byte - ZERO)
        if (head > 0) headDigits++
      } else {
        tail = tail * 10 + (byte - ZERO)
        tailDigits++
      }
    } else if (byte === POINT && pointAt < 0 && at > firstDigit) pointAt = at
    else break
  }
  if (at === firstDigit || pointAt === at - 1) return Number.NaN
  let exponent = pointAt < 0 ? 0 : pointAt + 1 - at
  if (at < end) {
    const written = readExponent(bytes, at, end)
    if (Number.isNaN(written)) return Number.NaN
    exponent += written
  }

  let magnitude = Number.NaN
  if (tailDigits === 0 && Math.abs(exponent) <= LARGEST_POWER) {
    // Both numbers are exact, so the one operation rounds as it must (Clinger 1990).
    magnitude = exponent < 0 ? head / (POWERS[-exponent] as number) : head * (POWERS[exponent] as number)
  } else if (tailDigits > 0 && tailDigits <= TAIL_DIGITS && exponent <= 0 && exponent >= -LARGEST_POWER) {
    magnitude = divide(head, POWERS[tailDigits] as number, tail, POWERS[-exponent] as number)
  }
  if (Number.isNaN(magnitude)) {
    const number = Number(textOf(bytes, start, end))
    return Number.isFinite(number) ? number : Number.NaN
  }
  return isNegative ? -magnitude : magnitude
}

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9
}

/** What follows the digits: e, perhaps a sign, digits. */
function readExponent(bytes: Uint8Array, start: number, end: number): number {
  if (((bytes[start] as number) | 0x20) !== 0x65) return Number.NaN
  const sign = bytes[start + 1]
  let at = start + (sign === MINUS || sign === PLUS ? 2 : 1)
  if (at >= end) return Number.NaN
  let exponent = 0
  for (; at < end; at++) {
    if (!isDigit(bytes[at])) return Number.NaN
    exponent = Math.min(exponent * 10 + ((bytes[at] as number) - ZERO), 9999)
  }
  return sign === MINUS ? -exponent : exponent
}

/**
 * (head · scale + tail) ÷ divisor, correctly rounded; NaN where the exact quotient lies so near the middle of two
 * doubles that this cannot tell. The quotient's error is computed and added, both to twice the digits of a double.
 *
 * @param head below 10^15; scale and divisor powers of ten that are exact; tail below scale
 * @see Dekker (1971), A floating-point technique for extending the available precision, Numerische Mathematik 18
 */
function divide(head: number, scale: number, tail: number, divisor: number): number {
  const product = head * scale
  const quotient = product / divisor
  const back = quotient * divisor
  const remainder = product - back - lost(quotient, divisor, back) + lost(head, scale, product) + tail
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
