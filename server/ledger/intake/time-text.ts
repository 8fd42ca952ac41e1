import { POWERS } from './number-text'

const ZERO = 0x30
const DAY_MS = 86_400_000
/** Of either sign: nearer to 1970 a number is seconds, or a date without dashes, taken for milliseconds. */
const LEAST_MS = 1e11
const MOST_MS = 8.64e15
const MOST_DIGITS = 16
/** So many digits fit into 32 bits. */
const HALF_DIGITS = 9
const MINUS = 0x2d
/** Of 2024-03-01. */
const DATE_LENGTH = 10

/** How instants may be written, for messages. */
export const TIME_FORMS = 'a date (2024-03-01), a time with its zone (2024-03-01T16:00:00Z) or milliseconds since 1970'

/**
 * An instant in ms UTC from ISO 8601 text: a trading day is its midnight UTC, a time of day needs its zone.
 *
 * @returns what is wrong with it, where something is
 */
export function readTime(bytes: Uint8Array, start: number, end: number): number | string {
  const length = end - start
  if (length < DATE_LENGTH || !isDated(bytes, start)) return readMilliseconds(bytes, start, end)

  const year = digits(bytes, start, 4)
  const month = digits(bytes, start + 5, 2)
  const day = digits(bytes, start + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return 'is no day of the calendar'
  const midnight = daysSince1970(year, month, day) * DAY_MS
  if (length === DATE_LENGTH) return midnight
  const clock = readClock(bytes, start + DATE_LENGTH, end)
  return typeof clock === 'number' ? midnight + clock : clock
}

/** Whether four digits and the dashes of a date stand where one starts, as far as the dashes tell. */
function isDated(bytes: Uint8Array, start: number): boolean {
  return bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d
}

/**
 * A time of day with its zone, from the T on, in ms after midnight UTC of its date.
 *
 * @returns what is wrong with it, where something is
 */
function readClock(bytes: Uint8Array, start: number, end: number): number | string {
  const separator = bytes[start]
  const hour = digits(bytes, start + 1, 2)
  const minute = digits(bytes, start + 4, 2)
  if ((separator !== 0x54 && separator !== 0x20 && separator !== 0x74) || bytes[start + 3] !== 0x3a) return unknown()
  let at = start + 6
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
  return ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
}

/**
 * Makes a reader of instants that remembers the day of the one before: in a column of times it mostly is the same. It
 * puts the instant into a place of an array, and answers the index behind it; -1 where there is none.
 *
 * @param endOfCell where a time with a zone ends
 */
export function createTimeReader(endOfCell: (bytes: Uint8Array, start: number) => number) {
  const known = new Uint8Array(DATE_LENGTH)
  let midnight = 0

  function isKnown(bytes: Uint8Array, start: number): boolean {
    for (let at = 0; at < DATE_LENGTH; at++) if (known[at] !== bytes[start + at]) return false
    return true
  }

  function readDated(bytes: Uint8Array, start: number, into: Float64Array, place: number): number {
    if (!isKnown(bytes, start)) {
      const day = readTime(bytes, start, start + DATE_LENGTH)
      if (typeof day !== 'number') return -1
      midnight = day
      known.set(bytes.subarray(start, start + DATE_LENGTH))
    }
    const end = endOfCell(bytes, start + DATE_LENGTH)
    const clock = end === start + DATE_LENGTH ? 0 : readClock(bytes, start + DATE_LENGTH, end)
    if (typeof clock !== 'number') return -1
    into[place] = midnight + clock
    return end
  }

  return (bytes: Uint8Array, start: number, end: number, into: Float64Array, place: number): number => {
    if (end - start >= DATE_LENGTH && isDated(bytes, start)) return readDated(bytes, start, into, place)
    const first = bytes[start] === MINUS ? start + 1 : start
    let at = first
    let high = 0
    let low = 0
    for (const stop = Math.min(end, first + HALF_DIGITS); at < stop && isDigit(bytes[at]); at++)
      high = high * 10 + ((bytes[at] as number) - ZERO)
    const middle = at
    for (const stop = Math.min(end, first + MOST_DIGITS); at < stop && isDigit(bytes[at]); at++)
      low = low * 10 + ((bytes[at] as number) - ZERO)
    const magnitude = high * (POWERS[at - middle] as number) + low
    if (!(magnitude >= LEAST_MS && magnitude <= MOST_MS)) return -1
    into[place] = first > start ? -magnitude : magnitude
    return at
  }
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
