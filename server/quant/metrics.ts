import { type Curve, checkCurve, DAY_MS, YEAR_MS } from './curve'
import { type DrawdownFigures, drawdownFigures } from './drawdown'
import { type MonthlyReturn, monthlyReturns } from './months'
import { inferPeriodsPerYear, toPeriods, toReturns } from './periods'
import { bestAndWorst, type ReturnFigures, returnFigures, sharpePerPeriod } from './return-figures'
import { deflatedSharpe, probabilisticSharpe, type Trials } from './significance'
import { type PositionFigures, positionFigures, type TradeFigures, tradeFigures } from './trade-figures'
import { checkTrades, type Trades } from './trades'

/** Every figure of a run: a finite number, or null where it is undefined. Formulas are in the catalogue of metrics. */
export type Figures = DrawdownFigures &
  ReturnFigures &
  PositionFigures & { [Name in keyof TradeFigures]: number | null } & {
    totalReturn: number | null
    cagr: number | null
    calmarRatio: number | null
    bestDay: number | null
    worstDay: number | null
    probabilisticSharpeRatio: number | null
    deflatedSharpeRatio: number | null
    historyDays: number
    returnCount: number
  }

/** What the figures were computed with; kept beside them, so that they can be computed again. */
export interface Basis {
  periodsPerYear: number
  /** Whether it was told from the spacing of the curve. */
  isInferred: boolean
  /** Per year, fraction. */
  riskFreeRate: number
  /** When a trading day starts, in minutes after midnight UTC. */
  dayStartMinutes: number
  trials: Trials | null
}

export interface Metrics {
  figures: Figures
  monthlyReturns: MonthlyReturn[]
  basis: Basis
}

export interface MetricOptions {
  /** Without it no figure about trades is known. */
  trades?: Trades | undefined
  /** 252, 52, 12, 365 …; told from the curve's spacing where it is not given. */
  periodsPerYear?: number | undefined
  riskFreeRate?: number | undefined
  dayStartMinutes?: number | undefined
  /** Without it the deflated Sharpe ratio is null. */
  trials?: Trials | undefined
}

const NO_TRADES = {
  ...{ tradeCount: null, winRate: null, profitFactor: null, averageTrade: null },
  ...{ turnover: null, exposure: null, leverage: null, timeInMarket: null },
} as const
const DAILY = 250
/** Below this a drawdown is rounding noise. */
const NO_DRAWDOWN = 1e-12

/**
 * Scores a run from its equity curve and its trades.
 *
 * @param curve as many times as values, times increasing; it may be empty, then every figure is null
 * @throws {RangeError} a curve or trades that are none, or a number of periods per year that is not positive
 */
export function computeMetrics(curve: Curve, options: MetricOptions = {}): Metrics {
  const { trades, riskFreeRate = 0, dayStartMinutes = 0, trials } = options
  checkCurve(curve)
  if (trades) checkTrades(trades)
  const periods = toPeriods(curve, dayStartMinutes)
  const typicalPerYear = inferPeriodsPerYear(periods)
  const periodsPerYear = options.periodsPerYear ?? typicalPerYear
  if (!(periodsPerYear > 0 && Number.isFinite(periodsPerYear) && riskFreeRate > -1)) {
    throw new RangeError('A year has a positive number of periods, and a risk-free rate is above -1.')
  }
  const returns = toReturns(periods) ?? []
  const ofReturns = returnFigures(returns, periodsPerYear, riskFreeRate)
  const ofDrawdown = drawdownFigures(curve)
  const growth = growthOf(curve)
  const days = typicalPerYear > DAILY ? bestAndWorst(returns) : { best: null, worst: null }
  const figures: Figures = {
    ...growth,
    ...ofReturns,
    ...ofDrawdown,
    ...(trades ? { ...tradeFigures(trades), ...positionFigures(curve, trades) } : NO_TRADES),
    ...significance(returns, ofReturns, { periodsPerYear, riskFreeRate, trials }),
    calmarRatio: calmar(growth.cagr, ofDrawdown.maxDrawdown),
    bestDay: days.best,
    worstDay: days.worst,
    returnCount: returns.length,
  }
  return {
    figures: finiteOnly(figures),
    monthlyReturns: monthlyReturns(periods),
    basis: {
      ...{ periodsPerYear, isInferred: options.periodsPerYear === undefined, riskFreeRate, dayStartMinutes },
      trials: trials ?? null,
    },
  }
}

function growthOf({ times, values }: Curve) {
  const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0)
  const historyDays = span / DAY_MS
  const start = values[0] ?? 0
  if (values.length < 2 || start <= 0) return { totalReturn: null, cagr: null, historyDays }
  const ratio = (values[values.length - 1] as number) / start
  return { totalReturn: ratio - 1, cagr: ratio < 0 ? null : ratio ** (YEAR_MS / span) - 1, historyDays }
}

function calmar(cagr: number | null, maxDrawdown: number | null): number | null {
  return cagr === null || maxDrawdown === null || maxDrawdown > -NO_DRAWDOWN ? null : cagr / -maxDrawdown
}

function significance(
  returns: readonly number[],
  { skewness, excessKurtosis }: ReturnFigures,
  {
    periodsPerYear,
    riskFreeRate,
    trials,
  }: { periodsPerYear: number; riskFreeRate: number; trials: Trials | undefined },
) {
  const sharpe = sharpePerPeriod(returns, periodsPerYear, riskFreeRate)
  if (sharpe === null || skewness === null || excessKurtosis === null) {
    return { probabilisticSharpeRatio: null, deflatedSharpeRatio: null }
  }
  const sample = { sharpe, count: returns.length, skewness, excessKurtosis }
  return {
    probabilisticSharpeRatio: probabilisticSharpe(sample),
    deflatedSharpeRatio: trials ? deflatedSharpe(sample, trials, periodsPerYear) : null,
  }
}

/** What overflowed is undefined too; a zero has no sign. */
function finiteOnly(figures: Figures): Figures {
  const entries = Object.entries(figures).map(([name, figure]) => {
    return [name, figure !== null && Number.isFinite(figure) ? figure + 0 : null]
  })
  return Object.fromEntries(entries) as Figures
}
