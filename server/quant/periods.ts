import { type Curve, DAY_MS } from './curve'

/** A curve cut into periods: one value at the end of each, and the value that the first period started from. */
export interface Periods {
  /** Day number of each period's end, in days since 1970-01-01 of the day's own clock. */
  days: Float64Array
  /** Value at the end of each period. */
  closes: Float64Array
  /** Value before the first period. */
  base: number
}

const MINUTE_MS = 60_000
/** Days from one close to the next up to which a curve counts as daily, weekly, monthly, quarterly; else yearly. */
const SPACINGS = [
  { upToDays: 4, periodsPerYear: 252 },
  { upToDays: 20, periodsPerYear: 52 },
  { upToDays: 60, periodsPerYear: 12 },
  { upToDays: 200, periodsPerYear: 4 },
] as const
const EVERY_DAY = 365
/** Of seven days one is a Saturday: half of that share shows that weekends are traded. */
const SATURDAYS = 1 / 14

/**
 * One period per day that has a point; its close is the day's last value. A first day with one point only is no period:
 * its value is where the next day starts from.
 *
 * @param dayStartMinutes when a trading day starts, in minutes after midnight UTC; -420 is 17:00 of the evening before
 */
export function toPeriods({ times, values }: Curve, dayStartMinutes: number): Periods {
  const shift = dayStartMinutes * MINUTE_MS
  const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0)
  const most = Math.min(times.length, Math.floor(span / DAY_MS) + 2)
  const days = new Float64Array(most)
  const closes = new Float64Array(most)
  let count = 0
  let nextDay = Number.NEGATIVE_INFINITY
  let day = 0
  for (let index = 0; index < times.length; index++) {
    const time = (times[index] as number) - shift
    if (time >= nextDay) {
      day = Math.floor(time / DAY_MS)
      nextDay = (day + 1) * DAY_MS
      count++
    }
    days[count - 1] = day
    closes[count - 1] = values[index] as number
  }
  const first = startsAlone(times, shift) ? 1 : 0
  return { days: days.subarray(first, count), closes: closes.subarray(first, count), base: values[0] ?? Number.NaN }
}

/** Simple returns, one per period; nothing where a period starts at or below zero, which no return is defined for. */
export function toReturns({ closes, base }: Periods): number[] | null {
  const returns = new Array<number>(closes.length)
  let before = base
  for (let index = 0; index < closes.length; index++) {
    if (!(before > 0)) return null
    const close = closes[index] as number
    returns[index] = close / before - 1
    before = close
  }
  return returns
}

/**
 * How many such periods make a year, told from the typical number of days between closes: 252 for days, 365 where
 * Saturdays are traded, 52, 12, 4 or 1.
 */
export function inferPeriodsPerYear({ days }: Periods): number {
  const gaps = new Float64Array(Math.max(days.length - 1, 0))
  for (let index = 0; index < gaps.length; index++) gaps[index] = (days[index + 1] as number) - (days[index] as number)
  const typical = gaps.sort()[gaps.length >> 1] ?? 1
  const spacing = SPACINGS.find(({ upToDays }) => typical <= upToDays)
  if (!spacing) return 1
  return spacing.periodsPerYear === 252 && tradesOnSaturdays(days) ? EVERY_DAY : spacing.periodsPerYear
}

/** Day 0, 1970-01-01, was a Thursday. */
function tradesOnSaturdays(days: Float64Array): boolean {
  let saturdays = 0
  for (const day of days) if ((((day + 4) % 7) + 7) % 7 === 6) saturdays++
  return saturdays > days.length * SATURDAYS
}

function startsAlone(times: Float64Array, shift: number): boolean {
  const day = (index: number) => Math.floor(((times[index] as number) - shift) / DAY_MS)
  return times.length === 1 || (times.length > 1 && day(0) !== day(1))
}
