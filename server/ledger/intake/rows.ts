import { ABSENT, type Cells, cellText, NUMBER, TEXT } from './cells'
import { quoted } from './faults'
import { readNumber } from './number-text'
import { readMilliseconds, readTime, TIME_FORMS } from './time-text'

/** A column of numbers that grows. */
export interface NumberColumn {
  push(value: number): void
  /** What was pushed since the last call. */
  flush(): Float64Array
}

export function createNumberColumn(): NumberColumn {
  let numbers = new Float64Array(1024)
  let length = 0
  return {
    push(value) {
      if (length === numbers.length) {
        const larger = new Float64Array(length * 2)
        larger.set(numbers)
        numbers = larger
      }
      numbers[length++] = value
    },
    flush() {
      const filled = numbers.slice(0, length)
      length = 0
      return filled
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
  return `has ${withArticle(name)} that is no finite number: ${quoted(cellText(cells, column))}`
}

/** @returns an instant in ms UTC, or what is wrong with the cell */
export function timeIn(cells: Cells, column: number, name: string): number | string {
  const kind = cells.kinds[column]
  if (kind === ABSENT) return `has no ${name}`
  const read = kind === TEXT ? readTime : kind === NUMBER ? readMilliseconds : undefined
  const time = read
    ? read(cells.bytes[column] as Uint8Array, cells.starts[column] as number, cells.ends[column] as number)
    : `is no time; times are ${TIME_FORMS}`
  return typeof time === 'number' ? time : `has ${withArticle(name)} that ${time}: ${quoted(cellText(cells, column))}`
}

function withArticle(name: string): string {
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`
}
