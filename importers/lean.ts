import { type Series, toPoints } from './curve'
import { BadValue, createFaultList, type FaultList, UnreadableFile } from './faults'
import {
  asArray,
  asObject,
  asText,
  figures,
  isObject,
  type JsonObject,
  needNumber,
  needTime,
  negative,
  readObject,
  toNumber,
} from './json'
import { instrumentsOf } from './read-table'
import { checkedTrade } from './trades'
import type { ImportedTrade, ImportResult } from './types'

const NO_EQUITY =
  'The result has no chart “Strategy Equity”: take the <number>.json of the backtest folder, not its summary or order events.'

/**
 * Reads the JSON of a LEAN backtest: the series Equity of the chart Strategy Equity, its values at the close of each
 * sample, and the closed trades. Older versions write names with capitals and points as x and y.
 *
 * @see https://www.quantconnect.com/docs/v2/cloud-platform/api-reference/backtest-management/read-backtest
 * @throws {UnreadableFile}
 */
export function readLean(text: string): ImportResult {
  const document = small(readObject(text))
  // The cloud's answer has the result inside.
  const result = isObject(document.backtest) ? small(document.backtest) : document
  const faults = createFaultList()
  const chart = asObject(asObject(result.charts)['Strategy Equity'])
  const equity = small(asObject(asObject(small(chart).series).Equity))
  const values = asArray(equity.values)
  if (values.length === 0) throw new UnreadableFile(NO_EQUITY)
  const { series, repeats } = readEquity(values, faults)
  const performance = small(asObject(result.totalPerformance))
  const trades = readTrades(asArray(performance.closedTrades), faults)
  const portfolio = small(asObject(performance.portfolioStatistics))
  const currency = asText(small(asObject(result.algorithmConfiguration)).accountCurrency)
  const capital = toNumber(portfolio.startEquity)
  return {
    format: 'lean',
    holds: 'run',
    points: toPoints(series),
    trades,
    facts: {
      engine: 'QuantConnect LEAN',
      ...(/^[A-Z]{3,5}$/.test(currency) ? { currency } : {}),
      ...(capital === undefined || capital <= 0 ? {} : { initial_capital: capital }),
      ...instrumentsOf(trades.map(({ instrument }) => instrument)),
      ...figures({
        total_return: toNumber(portfolio.totalNetProfit),
        cagr: toNumber(portfolio.compoundingAnnualReturn),
        volatility: toNumber(portfolio.annualStandardDeviation),
        sharpe_ratio: toNumber(portfolio.sharpeRatio),
        sortino_ratio: toNumber(portfolio.sortinoRatio),
        max_drawdown: negative(toNumber(portfolio.drawdown)),
      }),
    },
    strategyName: null,
    notes: repeats > 0 ? [`Points at the time of the one before are left out, the later one counts: ${repeats}.`] : [],
    faults: faults.faults,
  }
}

/** Keys as they are written now: older versions start them with a capital. */
function small(from: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(from).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  )
}

/** Points are [time, value], [time, open, high, low, close], or x and y; times are seconds. */
function readEquity(values: unknown[], faults: FaultList): { series: Series; repeats: number } {
  const series: Series = { times: [], values: [] }
  let repeats = 0
  values.forEach((point, index) => {
    const parts = Array.isArray(point) ? [point[0], point.at(-1)] : [asObject(point).x, asObject(point).y]
    const [seconds, value] = parts.map(toNumber)
    const last = series.times.at(-1) ?? Number.NEGATIVE_INFINITY
    if (seconds === undefined || value === undefined) faults.add(null, `Point ${index + 1} has no time or no value.`)
    else if (seconds * 1000 < last) faults.add(null, `Point ${index + 1} is earlier than the one before it.`)
    else if (seconds * 1000 === last) {
      series.values[series.values.length - 1] = value
      repeats++
    } else {
      series.times.push(seconds * 1000)
      series.values.push(value)
    }
  })
  return { series, repeats }
}

function readTrades(given: unknown[], faults: FaultList): ImportedTrade[] {
  return given.flatMap((each, index) => {
    try {
      return [readTrade(small(asObject(each)))]
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      faults.add(null, `Trade ${index + 1} ${error.message}.`)
      return []
    }
  })
}

function readTrade(trade: JsonObject): ImportedTrade {
  const symbol = small(asObject(trade.symbol ?? asArray(trade.symbols)[0]))
  const direction = toNumber(trade.direction)
  if (direction !== 0 && direction !== 1) throw new BadValue('has a direction that is neither 0 nor 1')
  const quantity = Math.abs(needNumber(trade, 'quantity'))
  if (quantity === 0) throw new BadValue('has a quantity of 0')
  const fees = toNumber(trade.totalFees) ?? 0
  return checkedTrade({
    instrument: asText(symbol.value) || asText(symbol.id) || asText(trade.symbol),
    side: direction === 1 ? 'short' : 'long',
    quantity,
    entry_at: needTime(trade, 'entryTime'),
    exit_at: needTime(trade, 'exitTime'),
    entry_price: needNumber(trade, 'entryPrice'),
    exit_price: needNumber(trade, 'exitPrice'),
    commission: fees,
    // LEAN's is before fees.
    profit: needNumber(trade, 'profitLoss') - fees,
  })
}
