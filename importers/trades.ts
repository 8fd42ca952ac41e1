import { BadValue, type FaultList, quoted } from './faults'
import { isBlank, readNumber } from './numbers'
import type { Table } from './table'
import type { TimeReader } from './times'
import type { ColumnName, ImportedTrade } from './types'

const LONG = /^(long|buy|bought|b|l|1)$/i
const SHORT = /^(short|sell|sold|s|-1)$/i

export interface ReadTrades {
  trades: ImportedTrade[]
  /** Trades that had not been closed, which are left out. */
  openCount: number
}

/** @param instrument of rows that name none */
export function readTrades(
  table: Table,
  columnOf: (name: ColumnName) => number,
  reader: TimeReader,
  instrument: string,
  faults: FaultList,
): ReadTrades {
  const found: ReadTrades = { trades: [], openCount: 0 }
  table.rows.forEach((row, index) => {
    if (faults.isFull) return
    const cell = (name: ColumnName) => row[columnOf(name)] ?? ''
    if (/^open$/i.test(cell('status')) || (isBlank(cell('exit_at')) && isBlank(cell('exit_price')))) {
      found.openCount++
      return
    }
    try {
      found.trades.push(readTrade(cell, reader, instrument))
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      faults.add(table.lines[index] ?? null, `The trade ${error.message}.`)
    }
  })
  return found
}

function readTrade(cell: (name: ColumnName) => string, reader: TimeReader, instrument: string): ImportedTrade {
  const optional = (name: ColumnName) => (isBlank(cell(name)) ? undefined : readNumber(cell(name), name))
  const time = (name: 'entry_at' | 'exit_at') => new Date(reader.read(cell(name), name)).toISOString()
  const side = sideOf(cell('side'))
  const quantity = readNumber(cell('quantity'), 'quantity')
  if (quantity === 0) throw new BadValue('has a quantity of 0')
  const commissions = [optional('commission'), optional('exit_commission')].filter((fee) => fee !== undefined)
  const profit = optional('profit')
  return checkedTrade({
    instrument: cell('instrument') || instrument,
    ...(side === undefined ? { quantity } : { side, quantity: Math.abs(quantity) }),
    entry_at: time('entry_at'),
    exit_at: time('exit_at'),
    entry_price: readNumber(cell('entry_price'), 'entry price'),
    exit_price: readNumber(cell('exit_price'), 'exit price'),
    ...(commissions.length === 0 ? {} : { commission: commissions.reduce((sum, fee) => sum + fee, 0) }),
    ...(profit === undefined ? {} : { profit }),
  })
}

/** @throws {BadValue} the trade ends before it begins, or its instrument is too long */
export function checkedTrade(trade: ImportedTrade): ImportedTrade {
  if (trade.exit_at < trade.entry_at) throw new BadValue('has its exit before its entry')
  if (trade.instrument.length > 64) throw new BadValue('has an instrument of more than 64 characters')
  return trade
}

function sideOf(text: string): ImportedTrade['side'] {
  if (isBlank(text)) return undefined
  if (LONG.test(text)) return 'long'
  if (SHORT.test(text)) return 'short'
  throw new BadValue(`has a side that is neither long nor short: ${quoted(text)}`)
}
