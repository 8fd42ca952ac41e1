import type { Trade, TradeSort } from '../../../contracts/backtests'
import type { TradeBatch } from '../intake/trades'
import { decodeTrades, joinTrades, placeNames } from './trade-codec'

export interface TradePageTask {
  /** What the trades are known by as long as they are the same. */
  key: string
  sort: TradeSort
  from: number
  to: number
  /** Encoded segments, in the order of recording; null to ask whether they are known already. */
  parts: Uint8Array[] | null
}

/**
 * Gives pages of trades in any order. It keeps the trades of one run, the last one asked for, at about 70 bytes each, and
 * their orders at 4 bytes a trade each, so that only the first page costs a sort.
 *
 * @returns nothing where the trades are not known and were not sent along
 */
export function createTradePages() {
  let known: { key: string; trades: TradeBatch; orders: Map<TradeSort, Uint32Array> } | undefined

  return ({ key, sort, from, to, parts }: TradePageTask): Trade[] | null => {
    if (parts) known = { key, trades: joinTrades(parts.map(decodeTrades)), orders: new Map() }
    if (known?.key !== key) return null
    const { trades, orders } = known
    let order = orders.get(sort)
    if (!order) {
      order = orderOf(trades, sort)
      orders.set(sort, order)
    }
    return Array.from(order.subarray(from, to), (index) => toTrade(trades, index, index))
  }
}

/** The places of the trades in an order; those that are alike keep that of their recording. */
function orderOf(trades: TradeBatch, sort: TradeSort): Uint32Array {
  const order = Uint32Array.from(trades.instruments, (_, index) => index)
  const column = columnOf(trades, sort.replace('-', '') as Exclude<TradeSort, `-${string}`>)
  const sign = sort.startsWith('-') ? -1 : 1
  const value = (index: number) => column[index] as number
  return order.sort((one, other) => sign * (value(one) - value(other)) || one - other)
}

function columnOf(trades: TradeBatch, name: Exclude<TradeSort, `-${string}`>): Float64Array | Uint32Array {
  if (name === 'index') return Uint32Array.from(trades.instruments, (_, index) => index)
  if (name === 'instrument') return ranks(trades.instruments)
  const { entryTimes, exitTimes, quantities, profits } = trades
  return { entry_at: entryTimes, exit_at: exitTimes, quantity: quantities, profit: profits }[name]
}

/** For each name its place among the different names, sorted. */
function ranks(instruments: readonly string[]): Uint32Array {
  const { names, places } = placeNames(instruments)
  const different: string[] = JSON.parse(names.toString())
  const rank = new Uint32Array(different.length)
  const sorted = different
    .map((name, place) => ({ name, place }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  sorted.forEach(({ place }, index) => {
    rank[place] = index
  })
  return places.map((place) => rank[place] as number)
}

export function toTrade(trades: TradeBatch, at: number, index: number): Trade {
  const number = (column: Float64Array) => column[at] as number
  return {
    index,
    instrument: trades.instruments[at] as string,
    quantity: number(trades.quantities),
    entry_at: new Date(number(trades.entryTimes)).toISOString(),
    exit_at: new Date(number(trades.exitTimes)).toISOString(),
    entry_price: number(trades.entryPrices),
    exit_price: number(trades.exitPrices),
    commission: number(trades.commissions),
    profit: number(trades.profits),
  }
}
