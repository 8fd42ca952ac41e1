import { createHash } from 'node:crypto'
import type { Curve } from '../../quant/curve'
import type { TradeBatch } from '../intake/trades'

/**
 * SHA-256 of what a run gave: the columns of its points, the instruments as JSON, then the other columns of its trades,
 * all as Float64, little-endian. Equal results, equal hash, however they were sent.
 */
export function resultHash({ times, values }: Curve, trades: TradeBatch | null): string {
  const hash = createHash('sha256')
  for (const column of [times, values]) hash.update(asBytes(column))
  if (trades === null) return hash.digest('hex')
  const { instruments, commissions, entryTimes, exitTimes, quantities, entryPrices, exitPrices, profits } = trades
  hash.update(JSON.stringify(instruments))
  for (const column of [entryTimes, exitTimes, quantities, entryPrices, exitPrices, profits, commissions])
    hash.update(asBytes(column))
  return hash.digest('hex')
}

function asBytes({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
