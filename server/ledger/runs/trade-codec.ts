import type { Trades } from '../../quant/trades'
import type { TradeBatch } from '../intake/trades'

const NUMBERS = [
  'entryTimes',
  'exitTimes',
  'quantities',
  'entryPrices',
  'exitPrices',
  'profits',
  'commissions',
] as const
const WORD = 8

/**
 * Trades as bytes, little-endian: u32 number of trades, u32 bytes of the names, the names of the instruments as a JSON
 * array padded to 8 bytes, then per trade a u32 that says which name, padded to 8 bytes, then seven columns of Float64.
 */
export function encodeTrades(trades: TradeBatch): Uint8Array {
  const count = trades.instruments.length
  const { names, places } = placeNames(trades.instruments)
  const namesEnd = padded(WORD + names.length)
  const placesEnd = padded(namesEnd + count * 4)
  const encoded = new Uint8Array(placesEnd + NUMBERS.length * count * WORD)
  const header = new DataView(encoded.buffer)
  header.setUint32(0, count, true)
  header.setUint32(4, names.length, true)
  encoded.set(names, WORD)
  new Uint32Array(encoded.buffer, namesEnd, count).set(places)
  NUMBERS.forEach((column, index) => {
    new Float64Array(encoded.buffer, placesEnd + index * count * WORD, count).set(trades[column])
  })
  return encoded
}

/** The different names in the order of their first appearance, as JSON, and for each name which of them it is. */
export function placeNames(instruments: readonly string[]): { names: Buffer; places: Uint32Array } {
  const known = new Map<string, number>()
  const places = new Uint32Array(instruments.length)
  for (let index = 0; index < instruments.length; index++) {
    const name = instruments[index] as string
    const place = known.get(name) ?? known.size
    if (place === known.size) known.set(name, place)
    places[index] = place
  }
  return { names: Buffer.from(JSON.stringify([...known.keys()])), places }
}

/** @throws {RangeError} bytes that `encodeTrades` did not make, or that were cut off */
export function decodeTrades(bytes: Uint8Array): TradeBatch {
  const encoded = bytes.slice() // aligned for the columns
  const header = new DataView(encoded.buffer)
  if (encoded.length < WORD) throw new RangeError('These bytes are no trades.')
  const count = header.getUint32(0, true)
  const namesLength = header.getUint32(4, true)
  const namesEnd = padded(WORD + namesLength)
  const placesEnd = padded(namesEnd + count * 4)
  if (encoded.length !== placesEnd + NUMBERS.length * count * WORD) throw new RangeError('These bytes are no trades.')
  const names: string[] = JSON.parse(Buffer.from(encoded.buffer, WORD, namesLength).toString())
  const column = (name: (typeof NUMBERS)[number]) =>
    new Float64Array(encoded.buffer, placesEnd + NUMBERS.indexOf(name) * count * WORD, count)
  return {
    instruments: Array.from(new Uint32Array(encoded.buffer, namesEnd, count), (place) => names[place] as string),
    entryTimes: column('entryTimes'),
    exitTimes: column('exitTimes'),
    quantities: column('quantities'),
    entryPrices: column('entryPrices'),
    exitPrices: column('exitPrices'),
    profits: column('profits'),
    commissions: column('commissions'),
  }
}

/** One batch from parts that follow each other. */
export function joinTrades(parts: readonly TradeBatch[]): TradeBatch {
  const length = parts.reduce((sum, part) => sum + part.instruments.length, 0)
  const join = (column: (typeof NUMBERS)[number]) => {
    const joined = new Float64Array(length)
    let at = 0
    for (const part of parts) {
      joined.set(part[column], at)
      at += part[column].length
    }
    return joined
  }
  return {
    instruments: parts[0] ? parts[0].instruments.concat(...parts.slice(1).map(({ instruments }) => instruments)) : [],
    ...(Object.fromEntries(NUMBERS.map((column) => [column, join(column)])) as Record<
      (typeof NUMBERS)[number],
      Float64Array
    >),
  }
}

/** What metrics are computed from. */
export function columnsOf({ instruments, commissions, ...columns }: TradeBatch): Trades {
  return columns
}

/** A stretch of a batch; its columns are views of it. */
export function sliceTrades(trades: TradeBatch, from: number, to?: number): TradeBatch {
  return {
    instruments: trades.instruments.slice(from, to),
    ...(Object.fromEntries(NUMBERS.map((column) => [column, trades[column].subarray(from, to)])) as Record<
      (typeof NUMBERS)[number],
      Float64Array
    >),
  }
}

const padded = (bytes: number): number => Math.ceil(bytes / WORD) * WORD
