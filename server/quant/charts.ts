import { mean, quantileSorted, sampleStandardDeviation } from 'simple-statistics'
import { type Curve, DAY_MS, firstAtOrAfter } from './curve'
import type { MonthlyReturn } from './months'
import { type Periods, toReturns } from './periods'
import { NO_DEVIATION, perPeriod } from './return-figures'

export interface RollingFigure {
  /** Midnight of each period's day, ms UTC. */
  times: Float64Array
  /** Null where it is undefined. */
  values: (number | null)[]
}

/**
 * The annualised Sharpe ratio of the last so many returns, for each period that has as many behind it.
 *
 * @param length number of returns, 2 or more
 */
export function rollingSharpe(
  periods: Periods,
  length: number,
  periodsPerYear: number,
  riskFreeRate = 0,
): RollingFigure {
  if (!Number.isInteger(length) || length < 2) throw new RangeError('A rolling figure takes 2 returns or more.')
  const returns = toReturns(periods) ?? []
  const free = perPeriod(riskFreeRate, periodsPerYear)
  const values: (number | null)[] = []
  for (let end = length; end <= returns.length; end++) {
    const some = returns.slice(end - length, end)
    const deviation = sampleStandardDeviation(some)
    values.push(deviation < NO_DEVIATION ? null : ((mean(some) - free) / deviation) * Math.sqrt(periodsPerYear))
  }
  const days = values.length > 0 ? periods.days.subarray(length - 1) : new Float64Array()
  return { times: days.map((day) => day * DAY_MS), values }
}

export interface Histogram {
  /** One more than counts, increasing; a bin holds its lower edge, the last one both. */
  edges: number[]
  counts: number[]
}

const MOST_BINS = 200

/**
 * Counts returns in bins of equal width, 2 · interquartile range ÷ ∛n; where half of the returns are alike, ⌈log₂ n⌉ + 1
 * bins (Sturges). Never more than 200 bins; no returns, no bins.
 *
 * @see Freedman and Diaconis (1981), On the histogram as a density estimator, Zeitschrift für Wahrscheinlichkeitstheorie 57
 */
export function histogram(returns: readonly number[]): Histogram {
  const count = returns.length
  if (count === 0) return { edges: [], counts: [] }
  const sorted = Array.from(Float64Array.from(returns).sort())
  const least = sorted[0] as number
  const range = (sorted[count - 1] as number) - least
  if (range < NO_DEVIATION) return { edges: [least, sorted[count - 1] as number], counts: [count] }
  const width = (2 * (quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25))) / Math.cbrt(count)
  const wanted = width < NO_DEVIATION ? Math.ceil(Math.log2(count)) + 1 : Math.ceil(range / width)
  const bins = Math.min(wanted, MOST_BINS)
  const edges = Array.from({ length: bins + 1 }, (_, edge) =>
    edge === bins ? least + range : least + (range * edge) / bins,
  )
  const counts = new Array<number>(bins).fill(0)
  let bin = 0
  for (const each of sorted) {
    while (bin < bins - 1 && each >= (edges[bin + 1] as number)) bin++
    counts[bin] = (counts[bin] as number) + 1
  }
  return { edges, counts }
}

export interface YearOfReturns {
  year: number
  /** January first; null for a month without one. */
  months: (number | null)[]
  /** Compounded; null where there is none. */
  total: number | null
}

/** Monthly returns as a table of years, oldest first. */
export function byYear(months: readonly MonthlyReturn[]): YearOfReturns[] {
  const years = new Map<number, (number | null)[]>()
  for (const each of months) {
    const row = years.get(each.year) ?? new Array<number | null>(12).fill(null)
    row[each.month - 1] = each.return
    years.set(each.year, row)
  }
  return [...years].map(([year, row]) => {
    const known = row.filter((each) => each !== null)
    const total = known.length === 0 ? null : known.reduce((product, each) => product * (1 + each), 1) - 1
    return { year, months: row, total }
  })
}

/**
 * A curve scaled so that at an instant it has a given value, to be drawn over another one.
 *
 * @param at ms UTC; the last value at or before it counts, else the first one
 * @returns the part from there on; nothing where that value is not above zero
 */
export function rebase({ times, values }: Curve, at: number, value: number): Curve {
  const next = firstAtOrAfter(times, at)
  const start = times[next] === at || next === 0 ? next : next - 1
  const base = values[start] ?? 0
  if (!(base > 0)) return { times: new Float64Array(), values: new Float64Array() }
  return { times: times.slice(start), values: values.slice(start).map((each) => (each / base) * value) }
}
