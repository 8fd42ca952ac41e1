const ZERO = 0x30
const DAY_MS = 86_400_000
/** Of either sign: nearer to 1970 a number is seconds, or a date without dashes, taken for milliseconds. */
const LEAST_MS = 1e11
const MOST_MS = 8.64e15
const MOST_DIGITS = 16
const MINUS = 0x2d

/** How instants may be written, for messages. */
export const TIME_FORMS = 'a date (2024-03-01), a time with its zone (2024-03-01T16:00:00Z) or milliseconds since 1970'

/**
 * An instant in ms UTC from ISO 8601 text: a trading day is its midnight UTC, a time of day needs its zone.
 *
 * @returns what is wrong with it, where something is
 */
export function readTime(bytes: Uint8Array, start: number, end: number): number | string {
  const length = end - start
  const isDated = length >= 10 && bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d
  if (!isDated) return readMilliseconds(bytes, start, end)

  const year = digits(bytes, start, 4)
  const month = digits(bytes, start + 5, 2)
  const day = digits(bytes, start + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return 'is no day of the calendar'
  const midnight = daysSince1970(year, month, day) * DAY_MS
  if (length === 10) return midnight

  const separator = bytes[start + 10]
  const hour = digits(bytes, start + 11, 2)
  const minute = digits(bytes, start + 14, 2)
  if ((separator !== 0x54 && separator !== 0x20 && separator !== 0x74) || bytes[start + 13] !== 0x3a) return unknown()
  let at = start + 16
  let second = 0
  let fraction = 0
  if (bytes[at] === 0x3a) {
    second = digits(bytes, at + 1, 2)
    at += 3
    if (bytes[at] === 0x2e) {
      let worth = 100
      for (at++; at < end && isDigit(bytes[at]); at++) {
        fraction += ((bytes[at] as number) - ZERO) * worth
        worth /= 10
      }
      if (worth === 100) return unknown()
      fraction = Math.round(fraction * 1e6) / 1e6
    }
  }
  if (!(hour < 24 && minute < 60 && second < 60)) return 'is no time of day'
  if (at >= end) return 'has no zone: end it with Z, or with an offset such as +01:00'
  if (!Number.isInteger(fraction)) return 'is finer than a millisecond'
  const offset = readOffset(bytes, at, end)
  if (Number.isNaN(offset)) return unknown()
  return midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
}

/** An instant in whole milliseconds, written as a number. */
export function readMilliseconds(bytes: Uint8Array, start: number, end: number): number | string {
  const first = bytes[start] === MINUS ? start + 1 : start
  const length = end - first
  if (length < 1 || length > MOST_DIGITS) return unknown()
  const magnitude = digits(bytes, first, length)
  if (!(magnitude <= MOST_MS)) return unknown()
  if (magnitude < LEAST_MS) return 'is too small for milliseconds since 1970; seconds are multiplied by 1000'
  return first > start ? -magnitude : magnitude
}

function unknown(): string {
  return `is no time; times are ${TIME_FORMS}`
}

/** Minutes east of UTC of Z, +01, +0100 or +01:00. */
function readOffset(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start]
  const length = end - start
  if (length === 1) return sign === 0x5a || sign === 0x7a ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN
  const hasColon = length === 6 && bytes[start + 3] === 0x3a
  if (!(hasColon || length === 5 || length === 3)) return Number.NaN
  const hours = digits(bytes, start + 1, 2)
  const minutes = length === 3 ? 0 : digits(bytes, end - 2, 2)
  if (!(hours < 24 && minutes < 60)) return Number.NaN
  return (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes)
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let number = 0
  for (let at = start; at < start + count; at++) {
    if (!isDigit(bytes[at])) return Number.NaN
    number = number * 10 + ((bytes[at] as number) - ZERO)
  }
  return number
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days of the proleptic Gregorian calendar, counted in years that start in March. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + dayOfYear - 719_468
}
