import type { Curve } from '../../quant/curve'
import { createNumberColumn } from './rows'

/** Points that were read and wait to be taken away, in two columns. */
export function createPointColumns() {
  const times = createNumberColumn()
  const values = createNumberColumn()
  let waiting = 0

  return {
    keep(time: number, value: number): void {
      times.push(time)
      values.push(value)
      waiting += 1
    },
    get waiting() {
      return waiting
    },
    /** Takes away the first ones, so many at most. */
    flush(most?: number): Curve {
      const batch = { times: times.flush(most), values: values.flush(most) }
      waiting -= batch.times.length
      return batch
    },
  }
}
