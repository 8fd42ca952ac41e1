import type { Trades } from '../../quant/trades'
import { ABSENT, createTextMemo, TEXT } from './cells'
import { quoted } from './faults'
import type { Column, RowSink } from './row-taker'
import { createNumberColumn, numberIn, timeIn } from './rows'

/** Round trips as columns, with what no metric needs: the instrument, and the commission where it was given. */
export interface TradeBatch extends Trades {
  instruments: string[]
  /** Account currency, of both fills; 0 where none was given. */
  commissions: Float64Array
}

const LONGEST_NAME = 64
const SIDES = new Map([
  ...['long', 'Long', 'LONG', 'buy', 'Buy', 'BUY', '1'].map((side) => [side, 1] as const),
  ...['short', 'Short', 'SHORT', 'sell', 'Sell', 'SELL', '-1'].map((side) => [side, -1] as const),
])
const COLUMNS: readonly Column[] = [
  { name: 'instrument', aliases: ['symbol', 'ticker'], isRequired: true },
  { name: 'quantity', aliases: ['size', 'qty'], isRequired: true },
  { name: 'entry_at', aliases: ['entry_time', 'entry_date'], isRequired: true },
  { name: 'exit_at', aliases: ['exit_time', 'exit_date'], isRequired: true },
  { name: 'entry_price', aliases: [], isRequired: true },
  { name: 'exit_price', aliases: [], isRequired: true },
  { name: 'side', aliases: ['direction'], isRequired: false },
  { name: 'commission', aliases: ['commissions', 'fee', 'fees'], isRequired: false },
  { name: 'profit', aliases: ['pnl', 'net_profit'], isRequired: false },
]
const [INSTRUMENT, QUANTITY, ENTRY_AT, EXIT_AT, ENTRY_PRICE, EXIT_PRICE, SIDE, COMMISSION, PROFIT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
]

/**
 * Rows of trades. A trade is short if its side says so or, without a side, if its quantity is negative. A profit that is
 * not given is quantity · (exit price − entry price) − commission.
 */
export function tradeRows(): RowSink<TradeBatch> {
  const textIn = createTextMemo()
  let instruments: string[] = []
  const entryTimes = createNumberColumn()
  const exitTimes = createNumberColumn()
  const quantities = createNumberColumn()
  const entryPrices = createNumberColumn()
  const exitPrices = createNumberColumn()
  const profits = createNumberColumn()
  const commissions = createNumberColumn()
  return {
    columns: COLUMNS,
    take(cells) {
      if (cells.kinds[INSTRUMENT] === ABSENT) return 'has no instrument'
      const instrument = textIn(cells, INSTRUMENT)
      if (cells.kinds[INSTRUMENT] !== TEXT || instrument.length < 1 || instrument.length > LONGEST_NAME) {
        return `has an instrument that is no text of 1 to ${LONGEST_NAME} characters: ${quoted(instrument)}`
      }
      const size = numberIn(cells, QUANTITY, 'quantity')
      if (typeof size === 'string') return size
      const quantity = signed(size, cells.kinds[SIDE] === ABSENT ? undefined : textIn(cells, SIDE))
      if (typeof quantity === 'string') return quantity
      const entryTime = timeIn(cells, ENTRY_AT, 'entry_at')
      if (typeof entryTime === 'string') return entryTime
      const exitTime = timeIn(cells, EXIT_AT, 'exit_at')
      if (typeof exitTime === 'string') return exitTime
      if (exitTime < entryTime) return 'has an exit_at before its entry_at'
      const entryPrice = numberIn(cells, ENTRY_PRICE, 'entry_price')
      if (typeof entryPrice === 'string') return entryPrice
      const exitPrice = numberIn(cells, EXIT_PRICE, 'exit_price')
      if (typeof exitPrice === 'string') return exitPrice
      const commission = cells.kinds[COMMISSION] === ABSENT ? 0 : numberIn(cells, COMMISSION, 'commission')
      if (typeof commission === 'string') return commission
      const gross = quantity * (exitPrice - entryPrice)
      const profit = cells.kinds[PROFIT] === ABSENT ? gross - commission : numberIn(cells, PROFIT, 'profit')
      if (typeof profit === 'string') return profit
      if (!Number.isFinite(profit)) return 'has a profit too large to compute'

      instruments.push(instrument)
      entryTimes.push(entryTime)
      exitTimes.push(exitTime)
      quantities.push(quantity)
      entryPrices.push(entryPrice)
      exitPrices.push(exitPrice)
      profits.push(profit)
      commissions.push(commission)
      return undefined
    },
    flush() {
      const batch = {
        instruments,
        entryTimes: entryTimes.flush(),
        exitTimes: exitTimes.flush(),
        quantities: quantities.flush(),
        entryPrices: entryPrices.flush(),
        exitPrices: exitPrices.flush(),
        profits: profits.flush(),
        commissions: commissions.flush(),
      }
      instruments = []
      return batch
    },
  }
}

/** Positive for long, negative for short. */
function signed(quantity: number, side: string | undefined): number | string {
  if (quantity === 0) return 'has a quantity of 0'
  if (side === undefined) return quantity
  const sign = SIDES.get(side)
  if (sign === undefined) return `has a side that is neither long nor short: ${quoted(side)}`
  return quantity > 0 ? sign * quantity : 'has a side, so its quantity must be above 0'
}
