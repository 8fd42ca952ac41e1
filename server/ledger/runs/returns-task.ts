import { type Histogram, histogram, rollingSharpe } from '../../quant/charts'
import { decodeCurves } from '../../quant/codec'
import { inferPeriodsPerYear, toPeriods, toReturns } from '../../quant/periods'

export interface ReturnsTask {
  /** Encoded segments, oldest first. */
  points: Uint8Array[]
  /** Returns that each rolling figure looks back on. */
  window: number
  periodsPerYear: number | undefined
  riskFreeRate: number | undefined
  dayStartMinutes: number | undefined
}

export interface ReturnsPicture {
  returnCount: number
  histogram: Histogram
  rollingSharpe: { times: number[]; values: (number | null)[] }
}

/** More are thinned out: every second one stays, or every third. */
const MOST_ROLLING = 5_000

/** How the returns of a curve are spread, and its Sharpe ratio over time. */
export function pictureReturns(task: ReturnsTask): ReturnsPicture {
  const periods = toPeriods(decodeCurves(task.points), task.dayStartMinutes ?? 0)
  const returns = toReturns(periods) ?? []
  const rolling = rollingSharpe(
    periods,
    task.window,
    task.periodsPerYear ?? inferPeriodsPerYear(periods),
    task.riskFreeRate,
  )
  const step = Math.max(1, Math.ceil(rolling.values.length / MOST_ROLLING))
  const isKept = (_each: unknown, index: number) => index % step === 0
  return {
    returnCount: returns.length,
    histogram: histogram(returns),
    rollingSharpe: { times: Array.from(rolling.times).filter(isKept), values: rolling.values.filter(isKept) },
  }
}
