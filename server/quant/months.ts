import { DAY_MS } from './curve'
import type { Periods } from './periods'

export interface MonthlyReturn {
  year: number
  /** 1 to 12. */
  month: number
  /** Fraction; null for a month without a value, or that starts at or below zero. */
  return: number | null
}

/**
 * Return of each calendar month from the first close to the last, oldest first: the month's last close against the last
 * one before it, the first month against the value the curve starts from. They compound to the total return.
 */
export function monthlyReturns({ days, closes, base }: Periods): MonthlyReturn[] {
  const months: MonthlyReturn[] = []
  let before = base
  let index = 0
  let month = monthOf(days[0])
  while (index < days.length) {
    let last: number | undefined
    while (index < days.length && monthOf(days[index]) === month) last = closes[index++]
    const year = Math.floor(month / 12)
    months.push({ year, month: month - 12 * year + 1, return: returnOf(before, last) })
    before = last ?? before
    month++
  }
  return months
}

function returnOf(before: number, last: number | undefined): number | null {
  return last === undefined || !(before > 0) ? null : last / before - 1
}

/** Months since the year 0. */
function monthOf(day: number | undefined): number {
  const date = new Date((day ?? 0) * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
