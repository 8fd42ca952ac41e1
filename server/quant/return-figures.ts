import {
  max,
  mean,
  min,
  quantileSorted,
  sampleKurtosis,
  sampleSkewness,
  sampleStandardDeviation,
} from 'simple-statistics'

/** Below this a deviation is rounding noise: what it would divide is undefined. */
export const NO_DEVIATION = 1e-12

export interface ReturnFigures {
  volatility: number | null
  sharpeRatio: number | null
  sortinoRatio: number | null
  skewness: number | null
  excessKurtosis: number | null
  valueAtRisk95OnePeriod: number | null
  expectedShortfall95OnePeriod: number | null
}

const TAIL = 0.05
/** Fewer returns have none beyond 95 %. */
const ENOUGH_FOR_A_TAIL = 20

/**
 * Figures of simple returns per period, oldest first. Formulas and sources are in the catalogue of metrics.
 *
 * @param riskFreeRate per year, a fraction
 */
export function returnFigures(returns: readonly number[], periodsPerYear: number, riskFreeRate: number): ReturnFigures {
  const deviation = standardDeviation(returns)
  const isSteady = deviation === null || deviation < NO_DEVIATION
  const tail = tailOf(returns)
  return {
    volatility: deviation === null ? null : isSteady ? 0 : deviation * Math.sqrt(periodsPerYear),
    sharpeRatio: annualised(sharpePerPeriod(returns, periodsPerYear, riskFreeRate), periodsPerYear),
    sortinoRatio: annualised(sortinoPerPeriod(returns, periodsPerYear, riskFreeRate), periodsPerYear),
    skewness: isSteady || returns.length < 3 ? null : sampleSkewness(returns),
    excessKurtosis: isSteady || returns.length < 4 ? null : sampleKurtosis(returns),
    valueAtRisk95OnePeriod: tail && -tail.quantile,
    expectedShortfall95OnePeriod: tail && -tail.mean,
  }
}

/** Mean excess return over its sample standard deviation, not annualised; null where the returns do not vary. */
export function sharpePerPeriod(returns: readonly number[], periodsPerYear: number, riskFreeRate: number) {
  const deviation = standardDeviation(returns)
  if (deviation === null || deviation < NO_DEVIATION) return null
  return (mean(returns) - perPeriod(riskFreeRate, periodsPerYear)) / deviation
}

export function bestAndWorst(returns: readonly number[]): { best: number | null; worst: number | null } {
  return returns.length === 0 ? { best: null, worst: null } : { best: max(returns), worst: min(returns) }
}

function sortinoPerPeriod(returns: readonly number[], periodsPerYear: number, riskFreeRate: number): number | null {
  if (returns.length < 2) return null
  const target = perPeriod(riskFreeRate, periodsPerYear)
  let squares = 0
  for (const each of returns) squares += Math.min(each - target, 0) ** 2
  const downside = Math.sqrt(squares / returns.length)
  return downside < NO_DEVIATION ? null : (mean(returns) - target) / downside
}

function tailOf(returns: readonly number[]): { quantile: number; mean: number } | null {
  if (returns.length < ENOUGH_FOR_A_TAIL) return null
  const sorted = Array.from(Float64Array.from(returns).sort())
  const quantile = quantileSorted(sorted, TAIL)
  return { quantile, mean: mean(sorted.slice(0, Math.floor((sorted.length - 1) * TAIL) + 1)) }
}

function standardDeviation(returns: readonly number[]): number | null {
  return returns.length < 2 ? null : sampleStandardDeviation(returns)
}

function annualised(ratio: number | null, periodsPerYear: number): number | null {
  return ratio === null ? null : ratio * Math.sqrt(periodsPerYear)
}

/** A rate per year as one per period. */
export function perPeriod(yearlyRate: number, periodsPerYear: number): number {
  return (1 + yearlyRate) ** (1 / periodsPerYear) - 1
}
