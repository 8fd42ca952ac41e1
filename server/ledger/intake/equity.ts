import type { Curve } from '../../quant/curve'
import type { RowSink } from './row-taker'
import { createNumberColumn, numberIn, timeIn } from './rows'

const [TIME, EQUITY] = [0, 1]

/**
 * Rows of an equity curve: time and account value.
 *
 * @param after the time of the last point recorded before, in ms; the first must be later
 */
export function equityRows({ after = Number.NEGATIVE_INFINITY } = {}): RowSink<Curve> {
  const times = createNumberColumn()
  const values = createNumberColumn()
  let last = after
  return {
    columns: [
      { name: 'time', aliases: ['date', 'datetime', 'timestamp'], isRequired: true },
      { name: 'equity', aliases: ['value', 'balance'], isRequired: true },
    ],
    take(cells) {
      const time = timeIn(cells, TIME, 'time')
      if (typeof time === 'string') return time
      const value = numberIn(cells, EQUITY, 'equity')
      if (typeof value === 'string') return value
      if (time <= last) return `is not later than the point before it, ${new Date(last).toISOString()}`
      last = time
      times.push(time)
      values.push(value)
      return undefined
    },
    flush: () => ({ times: times.flush(), values: values.flush() }),
  }
}
