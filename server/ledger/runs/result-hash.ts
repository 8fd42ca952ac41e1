import { createHash } from 'node:crypto'
import type { Curve } from '../../quant/curve'
import type { TradeBatch } from '../intake/trades'
import { placeNames } from './trade-codec'

/**
 * SHA-256 of what a run gave: equal results, equal hash, however they were sent. No two results have the same bytes,
 * because each part says how long it is:
 *
 *     a line     `aurelius-result-2 <points> <trades>`, `unknown` for the trades where no list of them was sent
 *     points     times, then values
 *     trades     a line with the bytes that the names take; the different instruments as a JSON array in the order of
 *                their first trade; for each trade which of them, u32; entry and exit times, quantities, entry and exit
 *                prices, profits, commissions
 *
 * All numbers but those of the lines are little-endian, Float64 where nothing else is said.
 */
export function resultHash({ times, values }: Curve, trades: TradeBatch | null): string {
  const hash = createHash('sha256')
  hash.update(`aurelius-result-2 ${times.length} ${trades ? trades.instruments.length : 'unknown'}\n`)
  for (const column of [times, values]) hash.update(asBytes(column))
  if (trades) {
    const { instruments, commissions, entryTimes, exitTimes, quantities, entryPrices, exitPrices, profits } = trades
    const { names, places } = placeNames(instruments)
    hash.update(`${names.length}\n`).update(names).update(asBytes(places))
    for (const column of [entryTimes, exitTimes, quantities, entryPrices, exitPrices, profits, commissions])
      hash.update(asBytes(column))
  }
  return hash.digest('hex')
}

function asBytes({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
