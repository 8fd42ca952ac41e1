import { type Series, toPoints } from './curve'
import { BadValue, createFaultList, UnreadableFile } from './faults'
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
import type { ImportedTrade, ImportResult, ImportSettings } from './types'

const DAY_MS = 86_400_000

/**
 * Reads the JSON of `freqtrade backtesting`. It holds closed trades and no equity, so the curve is the balance at the end
 * of each day, UTC: the starting balance and what the trades closed until then gained or lost. It starts a day before the
 * first, when nothing had been traded.
 *
 * @see https://www.freqtrade.io/en/stable/backtesting/
 * @throws {UnreadableFile}
 */
export function readFreqtrade(text: string, settings: ImportSettings): ImportResult {
  const { name, result, notes } = choose(asObject(readObject(text).strategy), settings.strategy)
  const faults = createFaultList()
  const all = asArray(result.trades)
  const openCount = all.filter((trade) => asObject(trade).is_open === true).length
  const trades = all.flatMap((given, index): ImportedTrade[] => {
    if (asObject(given).is_open === true) return []
    try {
      return [readTrade(asObject(given))]
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      faults.add(null, `Trade ${index + 1} ${error.message}.`)
      return []
    }
  })
  const balance = toNumber(result.starting_balance) ?? toNumber(result.dry_run_wallet)
  if (balance === undefined)
    throw new UnreadableFile('The result has no starting_balance: write it again with a newer Freqtrade.')
  const currency = asText(result.stake_currency)
  return {
    format: 'freqtrade',
    holds: 'run',
    points: toPoints(balances(result, trades, balance)),
    trades,
    facts: {
      engine: 'Freqtrade',
      initial_capital: balance,
      ...(/^[A-Z]{3,5}$/.test(currency) ? { currency } : {}),
      ...instrumentsOf(trades.map(({ instrument }) => instrument)),
      ...figures({
        total_return: toNumber(result.profit_total),
        cagr: toNumber(result.cagr),
        sharpe_ratio: ratio(result.sharpe),
        sortino_ratio: ratio(result.sortino),
        calmar_ratio: ratio(result.calmar),
        max_drawdown: negative(toNumber(result.max_relative_drawdown) ?? toNumber(result.max_drawdown_account)),
        profit_factor: toNumber(result.profit_factor),
        win_rate: toNumber(result.winrate),
      }),
    },
    strategyName: name,
    notes: [
      ...notes,
      'The curve is the balance of closed trades at the end of each day; Freqtrade writes no equity of open ones.',
      ...(openCount > 0 ? [`Trades that were still open are left out: ${openCount}.`] : []),
    ],
    faults: faults.faults,
  }
}

/** Freqtrade writes -100 for a ratio that is undefined. */
function ratio(value: unknown): number | undefined {
  const number = toNumber(value)
  return number === -100 ? undefined : number
}

function choose(strategies: JsonObject, wanted: string | undefined) {
  const names = Object.keys(strategies).filter((name) => isObject(strategies[name]))
  const name = wanted ?? names[0]
  if (name === undefined) throw new UnreadableFile('The file holds no result of a strategy.')
  if (!names.includes(name)) throw new UnreadableFile(`The file holds no strategy ${name}; it has ${names.join(', ')}.`)
  const others = wanted === undefined && names.length > 1
  const notes = others ? [`The file holds ${names.length} strategies (${names.join(', ')}): ${name} is taken.`] : []
  return { name, result: asObject(strategies[name]), notes }
}

function readTrade(trade: JsonObject): ImportedTrade {
  const quantity = needNumber(trade, 'amount')
  if (quantity === 0) throw new BadValue('has an amount of 0')
  const [entryPrice, exitPrice] = [needNumber(trade, 'open_rate'), needNumber(trade, 'close_rate')]
  // Fees are fractions of what changes hands at either end.
  const commission =
    quantity * (entryPrice * (toNumber(trade.fee_open) ?? 0) + exitPrice * (toNumber(trade.fee_close) ?? 0))
  return checkedTrade({
    instrument: asText(trade.pair),
    side: trade.is_short === true ? 'short' : 'long',
    quantity,
    entry_at: needTime(trade, 'open_date', 'open_timestamp'),
    exit_at: needTime(trade, 'close_date', 'close_timestamp'),
    entry_price: entryPrice,
    exit_price: exitPrice,
    commission,
    profit: needNumber(trade, 'profit_abs'),
  })
}

function balances(result: JsonObject, trades: ImportedTrade[], balance: number): Series {
  const dayOf = (time: string | number) => Math.floor(new Date(time).getTime() / DAY_MS) * DAY_MS
  const gains = new Map<number, number>()
  for (const { exit_at, profit = 0 } of trades) gains.set(dayOf(exit_at), (gains.get(dayOf(exit_at)) ?? 0) + profit)
  const days = [
    ...[result.backtest_start_ts, result.backtest_end_ts].flatMap((time) => toNumber(time) ?? []).map(dayOf),
    ...trades.flatMap(({ entry_at, exit_at }) => [dayOf(entry_at), dayOf(exit_at)]),
  ]
  const series: Series = { times: [], values: [] }
  if (days.length === 0) return series
  const last = days.reduce((most, day) => Math.max(most, day))
  let held = balance
  for (let day = days.reduce((least, each) => Math.min(least, each)) - DAY_MS; day <= last; day += DAY_MS) {
    held += gains.get(day) ?? 0
    series.times.push(day)
    series.values.push(held)
  }
  return series
}
