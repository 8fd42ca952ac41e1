/** An equity curve: account value in account currency at instants in ms UTC, oldest first. Both arrays are equally long. */
export interface Curve {
  times: Float64Array
  values: Float64Array
}

export const DAY_MS = 86_400_000

/** A year of 365.25 days: what every duration in years is counted by. */
export const YEAR_MS = 365.25 * DAY_MS

/**
 * Refuses what is no curve.
 *
 * @throws {RangeError} arrays of unequal length, a time or value that is not finite, times that do not increase
 */
export function checkCurve({ times, values }: Curve): void {
  if (times.length !== values.length) {
    throw new RangeError(`A curve has as many times as values, not ${times.length} and ${values.length}.`)
  }
  let before = Number.NEGATIVE_INFINITY
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number
    if (!Number.isFinite(time)) throw new RangeError(`The time of point ${index} is not a finite number.`)
    if (!Number.isFinite(values[index])) throw new RangeError(`The value of point ${index} is not a finite number.`)
    if (time <= before) throw new RangeError(`Point ${index} is not later than the one before it.`)
    before = time
  }
}

/** One curve from parts that follow each other. */
export function joinCurves(parts: readonly Curve[]): Curve {
  const length = parts.reduce((sum, part) => sum + part.times.length, 0)
  const joined = { times: new Float64Array(length), values: new Float64Array(length) }
  let at = 0
  for (const { times, values } of parts) {
    joined.times.set(times, at)
    joined.values.set(values, at)
    at += times.length
  }
  return joined
}

/**
 * Index of the first time at or after the given one; the length where none is. Times do not decrease.
 *
 * @param near an index at which the search is quick if the answer is not far behind it
 */
export function firstAtOrAfter(times: Float64Array, time: number, near = 0): number {
  let low = near > 0 && (times[near - 1] as number) < time ? near : 0
  let high = low
  for (let reach = 1; high < times.length && (times[high] as number) < time; reach *= 2) {
    low = high + 1
    high += reach
  }
  high = Math.min(high, times.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
