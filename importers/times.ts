import { BadValue, quoted } from './faults'
import type { DateFormat } from './types'

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](.+))?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const YEAR_FIRST = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?: +(.+))?$/
const YEAR_LAST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? +(.+))?$/
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*([AaPp][Mm])?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/
const OFFSET = /^([+-])(\d{2}):?(\d{2})?$/
const MINUTE_MS = 60_000
const MOST_MS = 8.64e15

export const DATE_EXAMPLES: Record<DateFormat, string> = {
  iso: '2024-03-01 or 2024-03-01T16:00:00Z',
  'year-month-day': '20240301 or 2024/03/01',
  'day-month-year': '01.03.2024 or 01/03/2024',
  'month-day-year': '03/01/2024',
  seconds: 'seconds since 1970',
  ms: 'milliseconds since 1970',
}

/**
 * How the dates of a column are written, told from some of them.
 *
 * @returns `ambiguous` where day and month cannot be told apart; nothing where they are no dates that are known here
 */
export function tellDateFormat(samples: readonly string[]): DateFormat | 'ambiguous' | undefined {
  const all = (shape: RegExp) => samples.length > 0 && samples.every((text) => shape.test(text))
  if (all(ISO)) return 'iso'
  if (all(COMPACT) || all(YEAR_FIRST)) return 'year-month-day'
  if (all(/^-?\d{12,14}(\.0)?$/)) return 'ms'
  if (all(/^-?\d{9,10}(\.\d+)?$/)) return 'seconds'
  if (!all(YEAR_LAST)) return undefined
  const parts = samples.map((text) => YEAR_LAST.exec(text) ?? [])
  if (parts.some(([, first]) => Number(first) > 12)) return 'day-month-year'
  if (parts.some(([, , , second]) => Number(second) > 12)) return 'month-day-year'
  // With points between them the day comes first wherever they are written so.
  return parts.every(([, , separator]) => separator === '.') ? 'day-month-year' : 'ambiguous'
}

/** @throws {BadValue} it is no offset from UTC */
export function readOffset(text: string): number {
  if (/^(z|utc)$/i.test(text)) return 0
  const [, sign, hours, minutes = '0'] = OFFSET.exec(text) ?? []
  const all = Number(hours) * 60 + Number(minutes)
  if (sign === undefined || all > 14 * 60) throw new BadValue(`${quoted(text)} is no offset from UTC such as +01:00`)
  return sign === '-' ? -all : all
}

export interface TimeReader {
  /** @returns ms UTC @throws {BadValue} */
  read(text: string, name: string): number
  /** Whether a time of day without a zone was read. */
  readonly hasAssumedZone: boolean
}

/** Reads the dates of a file. A date alone is its midnight UTC, as a trading day is. */
export function createTimeReader(format: DateFormat, offsetMinutes: number): TimeReader {
  let hasAssumedZone = false
  function fromParts(year: string, month: string, day: string, clock: string | undefined): number | undefined {
    const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
    const date = new Date(midnight)
    if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
    if (clock === undefined) return midnight
    const [, hour, minute, second = '0', fraction = '', half, zone] = CLOCK.exec(clock) ?? []
    if (hour === undefined || minute === undefined) return undefined
    const hours = half ? (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(hour)
    if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
    const offset = zone === undefined ? offsetMinutes : readOffset(zone)
    if (zone === undefined) hasAssumedZone = true
    const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
    return midnight + (hours * 60 + Number(minute) - offset) * MINUTE_MS + Number(second) * 1000 + ms
  }
  function read(text: string): number | undefined {
    if (format === 'seconds' || format === 'ms') {
      const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
      const ms = Math.round(format === 'seconds' ? number * 1000 : number)
      return Math.abs(ms) <= MOST_MS ? ms : undefined
    }
    const [, first = '', second = '', third = '', ...rest] = matched(text) ?? []
    if (first === '') return undefined
    if (format === 'iso' || format === 'year-month-day') return fromParts(first, second, third, rest[0])
    const [year = '', clock] = rest
    return format === 'day-month-year' ? fromParts(year, third, first, clock) : fromParts(year, first, third, clock)
  }
  function matched(text: string): RegExpExecArray | null {
    if (format === 'iso') return ISO.exec(text)
    if (format === 'year-month-day') return COMPACT.exec(text) ?? YEAR_FIRST.exec(text)
    return YEAR_LAST.exec(text)
  }
  return {
    read(text, name) {
      const time = read(text)
      if (time !== undefined) return time
      if (text === '') throw new BadValue(`has no ${name}`)
      const article = /^[aeiou]/.test(name) ? 'an' : 'a'
      throw new BadValue(`has ${article} ${name} that is no date like ${DATE_EXAMPLES[format]}: ${quoted(text)}`)
    },
    get hasAssumedZone() {
      return hasAssumedZone
    },
  }
}
