import fc from 'fast-check'
import type { Curve } from '../../server/quant/curve'
import type { Trades } from '../../server/quant/trades'

export const DAY = 86_400_000
const MONDAY = Date.UTC(2024, 0, 1)

/** A curve with one value a day, from Monday 2024-01-01 on. */
export function dailyCurve(values: readonly number[], { start = MONDAY, every = DAY } = {}): Curve {
  return { times: Float64Array.from(values, (_, index) => start + index * every), values: Float64Array.from(values) }
}

/** Values that grow by these returns from 100,000. */
export function grown(returns: readonly number[], from = 100_000): number[] {
  const values = [from]
  for (const each of returns) values.push((values.at(-1) as number) * (1 + each))
  return values
}

export function tradesOf(rows: readonly (readonly [number, number, number, number, number, number])[]): Trades {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at] as number)
  return {
    entryTimes: column(0),
    exitTimes: column(1),
    quantities: column(2),
    entryPrices: column(3),
    exitPrices: column(4),
    profits: column(5),
  }
}

/** Increasing instants in whole ms at any distance from a moment to some days, and positive values. */
export function anyCurve({ minLength = 0, maxLength = 120 } = {}): fc.Arbitrary<Curve> {
  const point = fc.tuple(fc.integer({ min: 1, max: 3 * DAY }), fc.double({ min: 1, max: 1e7, noNaN: true }))
  return fc.array(point, { minLength, maxLength }).map((points) => {
    let time = MONDAY
    return {
      times: Float64Array.from(points, ([step]) => (time += step)),
      values: Float64Array.from(points, ([, value]) => value),
    }
  })
}
