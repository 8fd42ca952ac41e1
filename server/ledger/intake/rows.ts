import { ABSENT, type Cells, NUMBER, TEXT } from './cells'
import { readNumber } from './number-text'
import { readMilliseconds, readTime, TIME_FORMS } from './time-text'

/** A column of numbers that grows at its end and is handed out from its start. */
export interface NumberColumn {
  push(value: number): void
  /** The oldest numbers, at most so many. The memory is the caller's until the next number is pushed. */
  flush(most?: number): Float64Array
}

export function createNumberColumn(): NumberColumn {
  let numbers = new Float64Array(1024)
  let first = 0
  let end = 0

  function makeRoom(): void {
    const waiting = numbers.subarray(first, end)
    // What was handed out is written over; where that is little, room would soon be short again.
    if (waiting.length > numbers.length / 2) numbers = new Float64Array(numbers.length * 2)
    numbers.set(waiting)
    end -= first
    first = 0
  }

  return {
    push(value) {
      if (end === numbers.length) makeRoom()
      numbers[end++] = value
    },
    flush(most = Number.POSITIVE_INFINITY) {
      const start = first
      first = Math.min(end, first + most)
      return numbers.subarray(start, first)
    },
  }
}

/** @returns a finite number, or what is wrong with the cell */
export function numberIn(cells: Cells, column: number, name: string): number | string {
  const kind = cells.kinds[column]
  if (kind === ABSENT) return `has no ${name}`
  if (kind === TEXT || kind === NUMBER) {
    const number = readNumber(
      cells.bytes[column] as Uint8Array,
      cells.starts[column] as number,
      cells.ends[column] as number,
    )
    if (!Number.isNaN(number)) return number
  }
  return `has ${withArticle(name)} that is no finite number`
}

/** @returns an instant in ms UTC, or what is wrong with the cell */
export function timeIn(cells: Cells, column: number, name: string): number | string {
  const kind = cells.kinds[column]
  if (kind === ABSENT) return `has no ${name}`
  const read = kind === TEXT ? readTime : kind === NUMBER ? readMilliseconds : undefined
  const time = read
    ? read(cells.bytes[column] as Uint8Array, cells.starts[column] as number, cells.ends[column] as number)
    : `is no time; times are ${TIME_FORMS}`
  return typeof time === 'number' ? time : `has ${withArticle(name)} that ${time}`
}

function withArticle(name: string): string {
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`
}
