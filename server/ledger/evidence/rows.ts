import type { Curve } from '../../quant/curve'
import type { TradeBatch } from '../intake/trades'

const TRADE_COLUMNS = [
  ['quantity', 'quantities'],
  ['entry_ms', 'entryTimes'],
  ['exit_ms', 'exitTimes'],
  ['entry_price', 'entryPrices'],
  ['exit_price', 'exitPrices'],
  ['profit', 'profits'],
  ['commission', 'commissions'],
] as const

/** A name in quotes, which may have line breaks in it, then the numbers up to the end of the line. */
const TRADE = /"([^"]*(?:""[^"]*)*)",([^\n]*)\n/

/** Numbers are written in the shortest form that reads back as the same bits; times are milliseconds UTC. */
export function curveCsv({ times, values }: Curve): string {
  const lines = ['time_ms,equity']
  for (let at = 0; at < times.length; at += 1) lines.push(`${number(times[at])},${number(values[at])}`)
  return `${lines.join('\n')}\n`
}

export function tradesCsv(trades: TradeBatch): string {
  const lines = [`instrument,${TRADE_COLUMNS.map(([name]) => name).join(',')}`]
  trades.instruments.forEach((instrument, at) => {
    lines.push([quoted(instrument), ...TRADE_COLUMNS.map(([, column]) => number(trades[column][at]))].join(','))
  })
  return `${lines.join('\n')}\n`
}

/** @throws {RangeError} it is not as `curveCsv` writes it */
export function readCurveCsv(text: string): Curve {
  const rows = linesOf(text, 'time_ms,equity')
  const curve = { times: new Float64Array(rows.length), values: new Float64Array(rows.length) }
  rows.forEach((line, at) => {
    const comma = line.indexOf(',')
    curve.times[at] = toNumber(line.slice(0, comma))
    curve.values[at] = toNumber(line.slice(comma + 1))
  })
  return curve
}

/** @throws {RangeError} it is not as `tradesCsv` writes it */
export function readTradesCsv(text: string): TradeBatch {
  const heading = `instrument,${TRADE_COLUMNS.map(([name]) => name).join(',')}\n`
  if (!text.startsWith(heading)) throw new RangeError('The first line of the trades is not their heading.')
  const instruments: string[] = []
  const columns = Object.fromEntries(TRADE_COLUMNS.map(([, column]) => [column, [] as number[]])) as Record<
    (typeof TRADE_COLUMNS)[number][1],
    number[]
  >
  let end = heading.length
  const row = new RegExp(TRADE, 'y')
  while (end < text.length) {
    row.lastIndex = end
    const [, instrument, numbers] = row.exec(text) ?? []
    if (instrument === undefined || numbers === undefined)
      throw new RangeError('A row of trades does not begin with an instrument.')
    end = row.lastIndex
    const cells = numbers.split(',')
    instruments.push(instrument.replaceAll('""', '"'))
    TRADE_COLUMNS.forEach(([, column], place) => {
      columns[column].push(toNumber(cells[place] ?? ''))
    })
  }
  const packed = Object.entries(columns).map(([column, numbers]) => [column, Float64Array.from(numbers)])
  return { instruments, ...Object.fromEntries(packed) } as TradeBatch
}

const number = (value: number | undefined): string => (Object.is(value, -0) ? '-0' : String(value))
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

function linesOf(text: string, heading: string): string[] {
  const lines = text.split('\n')
  if (lines[0] !== heading || lines.at(-1) !== '') throw new RangeError(`The first line is not ${heading}.`)
  return lines.slice(1, -1)
}

function toNumber(text: string): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) throw new RangeError('A cell is no number.')
  return value
}
