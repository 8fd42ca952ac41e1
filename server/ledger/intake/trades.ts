import type { Trades } from '../../quant/trades'
import { ABSENT, type Cells, createTextMemo, TEXT } from './cells'
import type { Column, RowSink } from './row-taker'
import { createNumberColumn, numberIn, timeIn } from './rows'

/** Round trips as columns, with what no metric needs: the instrument, and the commission where it was given. */
export interface TradeBatch extends Trades {
  instruments: string[]
  /** Account currency, of both fills; 0 where none was given. */
  commissions: Float64Array
}

interface Trade {
  instrument: string
  entryTime: number
  exitTime: number
  quantity: number
  entryPrice: number
  exitPrice: number
  profit: number
  commission: number
}

const LONGEST_NAME = 64
const SIDES = new Map([
  ...['long', 'Long', 'LONG', 'buy', 'Buy', 'BUY', '1'].map((side) => [side, 1] as const),
  ...['short', 'Short', 'SHORT', 'sell', 'Sell', 'SELL', '-1'].map((side) => [side, -1] as const),
])
const COLUMNS: readonly Column[] = [
  { name: 'instrument', aliases: ['symbol', 'ticker'], isRequired: true, kind: 'text' },
  { name: 'quantity', aliases: ['size', 'qty'], isRequired: true, kind: 'number' },
  { name: 'entry_at', aliases: ['entry_time', 'entry_date'], isRequired: true, kind: 'time' },
  { name: 'exit_at', aliases: ['exit_time', 'exit_date'], isRequired: true, kind: 'time' },
  { name: 'entry_price', aliases: [], isRequired: true, kind: 'number' },
  { name: 'exit_price', aliases: [], isRequired: true, kind: 'number' },
  { name: 'side', aliases: ['direction'], isRequired: false, kind: 'text' },
  { name: 'commission', aliases: ['commissions', 'fee', 'fees'], isRequired: false, kind: 'number' },
  { name: 'profit', aliases: ['pnl', 'net_profit'], isRequired: false, kind: 'number' },
]
const [INSTRUMENT, QUANTITY, ENTRY_AT, EXIT_AT, ENTRY_PRICE, EXIT_PRICE, SIDE, COMMISSION, PROFIT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
]

/**
 * Rows of trades. A trade is short if its side says so or, without a side, if its quantity is negative. A profit that is
 * not given is quantity · (exit price − entry price) − commission.
 */
export function tradeRows(): RowSink<TradeBatch> {
  const memo = createTextMemo()
  const textIn = ({ bytes, starts, ends }: Cells, column: number) =>
    memo(bytes[column] as Uint8Array, starts[column] as number, ends[column] as number)
  const instruments: string[] = []
  const entryTimes = createNumberColumn()
  const exitTimes = createNumberColumn()
  const quantities = createNumberColumn()
  const entryPrices = createNumberColumn()
  const exitPrices = createNumberColumn()
  const profits = createNumberColumn()
  const commissions = createNumberColumn()

  function keep(trade: Trade): void {
    instruments.push(trade.instrument)
    entryTimes.push(trade.entryTime)
    exitTimes.push(trade.exitTime)
    quantities.push(trade.quantity)
    entryPrices.push(trade.entryPrice)
    exitPrices.push(trade.exitPrice)
    profits.push(trade.profit)
    commissions.push(trade.commission)
  }

  return {
    columns: COLUMNS,
    take(cells) {
      if (cells.kinds[INSTRUMENT] === ABSENT) return 'has no instrument'
      const instrument = textIn(cells, INSTRUMENT)
      if (cells.kinds[INSTRUMENT] !== TEXT || instrument.length < 1 || instrument.length > LONGEST_NAME) {
        return `has an instrument that is no text of 1 to ${LONGEST_NAME} characters`
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

      keep({ instrument, entryTime, exitTime, quantity, entryPrice, exitPrice, profit, commission })
      return undefined
    },
    takePlain({ numbers, texts }) {
      const instrument = texts[INSTRUMENT] as string
      const side = texts[SIDE] as string
      const quantity = signed(numbers[QUANTITY] as number, side === '' ? undefined : side)
      const entryTime = numbers[ENTRY_AT] as number
      const exitTime = numbers[EXIT_AT] as number
      const entryPrice = numbers[ENTRY_PRICE] as number
      const exitPrice = numbers[EXIT_PRICE] as number
      const commission = orElse(numbers[COMMISSION] as number, 0)
      if (typeof quantity === 'string' || instrument === '' || instrument.length > LONGEST_NAME) return false
      const profit = orElse(numbers[PROFIT] as number, quantity * (exitPrice - entryPrice) - commission)
      // A number that is missing makes the profit none.
      if (!(entryTime <= exitTime && Number.isFinite(profit + quantity + entryPrice + exitPrice))) return false
      keep({ instrument, entryTime, exitTime, quantity, entryPrice, exitPrice, profit, commission })
      return true
    },
    get waiting() {
      return instruments.length
    },
    flush(most) {
      return {
        instruments: instruments.splice(0, most ?? instruments.length),
        entryTimes: entryTimes.flush(most),
        exitTimes: exitTimes.flush(most),
        quantities: quantities.flush(most),
        entryPrices: entryPrices.flush(most),
        exitPrices: exitPrices.flush(most),
        profits: profits.flush(most),
        commissions: commissions.flush(most),
      }
    },
  }
}

const orElse = (number: number, other: number): number => (Number.isNaN(number) ? other : number)

/** Positive for long, negative for short. */
function signed(quantity: number, side: string | undefined): number | string {
  if (quantity === 0) return 'has a quantity of 0'
  if (side === undefined) return quantity
  const sign = SIDES.get(side)
  if (sign === undefined) return `has a side that is neither long nor short`
  return quantity > 0 ? sign * quantity : 'has a side, so its quantity must be above 0'
}
