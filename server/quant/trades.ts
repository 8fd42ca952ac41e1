/** Round trips as columns of equal length, in any order. */
export interface Trades {
  /** ms UTC. */
  entryTimes: Float64Array
  /** ms UTC, no earlier than the entry. */
  exitTimes: Float64Array
  /** Units bought (positive) or sold short (negative); for futures contracts times their multiplier. */
  quantities: Float64Array
  /** Account currency per unit. */
  entryPrices: Float64Array
  exitPrices: Float64Array
  /** Account currency, after commission and slippage. */
  profits: Float64Array
}

/** @throws {RangeError} columns of unequal length, a number that is not finite, an exit before its entry */
export function checkTrades(trades: Trades): void {
  const { entryTimes, exitTimes } = trades
  for (const [name, column] of Object.entries(trades) as [string, Float64Array][]) {
    if (column.length !== entryTimes.length) throw new RangeError(`The column ${name} is not as long as entryTimes.`)
    const odd = column.findIndex((number) => !Number.isFinite(number))
    if (odd >= 0) throw new RangeError(`${name} of trade ${odd} is not a finite number.`)
  }
  const reversed = entryTimes.findIndex((entry, index) => entry > (exitTimes[index] as number))
  if (reversed >= 0) throw new RangeError(`Trade ${reversed} ends before it starts.`)
}
