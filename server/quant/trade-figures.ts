import { mean, sum } from 'simple-statistics'
import { type Curve, firstAtOrAfter, YEAR_MS } from './curve'
import type { Trades } from './trades'

export interface TradeFigures {
  tradeCount: number
  winRate: number | null
  profitFactor: number | null
  averageTrade: number | null
}

export interface PositionFigures {
  turnover: number | null
  exposure: number | null
  leverage: number | null
  timeInMarket: number | null
}

/** What the trades earned. Formulas are in the catalogue of metrics. */
export function tradeFigures({ profits }: Trades): TradeFigures {
  const count = profits.length
  if (count === 0) return { tradeCount: 0, winRate: null, profitFactor: null, averageTrade: null }
  const all = Array.from(profits)
  const wins = all.filter((profit) => profit > 0)
  const lost = -sum(all.filter((profit) => profit < 0))
  return {
    tradeCount: count,
    winRate: wins.length / count,
    profitFactor: lost > 0 ? sum(wins) / lost : null,
    averageTrade: mean(all),
  }
}

/**
 * What the trades held, set against the equity of the moment: a value of the curve holds until the next one. Positions
 * count at their entry price, and only while the curve runs. Null where the curve has no duration or falls to zero.
 */
export function positionFigures(curve: Curve, trades: Trades): PositionFigures {
  const { times } = curve
  const start = times[0] ?? 0
  const end = times[times.length - 1] ?? 0
  const span = end - start
  if (!(span > 0) || curve.values.some((value) => value <= 0)) {
    return { turnover: null, exposure: null, leverage: null, timeInMarket: null }
  }
  const inverse = inverseEquity(curve)
  let traded = 0
  let net = 0
  let gross = 0
  for (let index = 0; index < trades.quantities.length; index++) {
    const quantity = trades.quantities[index] as number
    const entryPrice = trades.entryPrices[index] as number
    const from = trades.entryTimes[index] as number
    const to = trades.exitTimes[index] as number
    traded += Math.abs(quantity) * (Math.abs(entryPrice) + Math.abs(trades.exitPrices[index] as number))
    const share = quantity * entryPrice * (inverse.until(to) - inverse.until(from))
    net += share
    gross += Math.abs(share)
  }
  return {
    turnover: traded / averageEquity(curve, span) / (span / YEAR_MS),
    exposure: net / span,
    leverage: gross / span,
    timeInMarket: heldMs(trades, start, end) / span,
  }
}

function averageEquity({ times, values }: Curve, span: number): number {
  let area = 0
  for (let index = 1; index < times.length; index++) {
    area += (values[index - 1] as number) * ((times[index] as number) - (times[index - 1] as number))
  }
  return area / span
}

/** The integral of 1 ÷ equity over time from the start of the curve; instants outside count as its ends. */
function inverseEquity({ times, values }: Curve) {
  const last = times.length - 1
  const integral = new Float64Array(times.length)
  for (let index = 1; index <= last; index++) {
    const duration = (times[index] as number) - (times[index - 1] as number)
    integral[index] = (integral[index - 1] as number) + duration / (values[index - 1] as number)
  }
  let near = 0
  return {
    until(time: number): number {
      if (time <= (times[0] as number)) return 0
      if (time >= (times[last] as number)) return integral[last] as number
      // Trades mostly come in order of time, so the search starts where the one before ended.
      near = firstAtOrAfter(times, time, near)
      const before = near - 1
      return (integral[before] as number) + (time - (times[before] as number)) / (values[before] as number)
    },
  }
}

/** How long at least one position was open between two instants. */
function heldMs({ entryTimes, exitTimes }: Trades, start: number, end: number): number {
  const entries = entryTimes.slice().sort()
  const exits = exitTimes.slice().sort()
  let held = 0
  let open = 0
  let since = 0
  let entry = 0
  for (const exit of exits) {
    while (entry < entries.length && (entries[entry] as number) <= exit) {
      if (open === 0) since = entries[entry] as number
      open++
      entry++
    }
    open--
    if (open === 0) held += Math.max(Math.min(exit, end) - Math.max(since, start), 0)
  }
  return held
}
