import type { Curve } from '../../quant/curve'
import { createPointColumns } from './point-columns'
import type { RowSink } from './row-taker'
import { numberIn, timeIn } from './rows'

const [TIME, EQUITY] = [0, 1]

/**
 * Rows of an equity curve: time and account value.
 *
 * @param after the time of the last point recorded before, in ms; the first must be later
 */
export function equityRows({ after = Number.NEGATIVE_INFINITY } = {}): RowSink<Curve> {
  const points = createPointColumns()
  let last = after

  function keep(time: number, value: number): void {
    last = time
    points.keep(time, value)
  }

  return {
    columns: [
      { name: 'time', aliases: ['date', 'datetime', 'timestamp'], isRequired: true, kind: 'time' },
      { name: 'equity', aliases: ['value', 'balance'], isRequired: true, kind: 'number' },
    ],
    take(cells) {
      const time = timeIn(cells, TIME, 'time')
      if (typeof time === 'string') return time
      const value = numberIn(cells, EQUITY, 'equity')
      if (typeof value === 'string') return value
      if (time <= last) return `is not later than the point before it, ${new Date(last).toISOString()}`
      keep(time, value)
      return undefined
    },
    takePlain({ numbers }) {
      const time = numbers[TIME] as number
      const value = numbers[EQUITY] as number
      if (!(time > last) || Number.isNaN(value)) return false
      keep(time, value)
      return true
    },
    get waiting() {
      return points.waiting
    },
    flush: points.flush,
  }
}
