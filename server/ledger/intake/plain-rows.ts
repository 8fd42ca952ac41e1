import { createTextMemo } from './cells'
import type { CsvHeading } from './csv-row'
import { readDecimal } from './number-text'
import type { Column } from './row-taker'
import { createTimeReader } from './time-text'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const SPACE = 0x20

/** One row by our columns: NaN or an empty text where its cell is empty. It is filled again for the next row. */
export interface PlainRow {
  numbers: Float64Array
  texts: string[]
}

export interface PlainRows {
  /**
   * Takes whole rows, at most so many, from the start of one on, as long as they are plain.
   *
   * @returns where it stopped: at the start of a row
   */
  take(bytes: Uint8Array, start: number, most: number): number
  /** Rows that the last call took. */
  readonly taken: number
}

/**
 * Rows of CSV as nearly all of them are, read in one pass over their bytes: plain decimals, times, and texts without
 * quotation marks or spaces at their ends. It stops at the first row that is otherwise. Whoever can read any row has that
 * one, and says what is wrong with it.
 *
 * @param put takes a row; false where something may be wrong with it
 */
export function createPlainRows(
  { columns: places, delimiter }: CsvHeading,
  columns: readonly Column[],
  put: (row: PlainRow) => boolean,
): PlainRows {
  const border = delimiter.charCodeAt(0)
  const cellCount = places.length
  const kinds = places.map((place) => columns[place]?.kind)
  const numbers = new Float64Array(columns.length).fill(Number.NaN)
  const texts = columns.map(() => '')
  const row: PlainRow = { numbers, texts }
  const textIn = createTextMemo()
  let taken = 0

  const isEnd = (byte: number | undefined) => byte === border || byte === NEWLINE || byte === RETURN

  function endOfCell(bytes: Uint8Array, start: number): number {
    let at = start
    while (!isEnd(bytes[at])) {
      if (bytes[at] === QUOTE) return -1
      at++
    }
    return at
  }

  const readTime = createTimeReader(endOfCell)

  /** @returns the index behind the cell; -1 where it is not plain */
  function readCell(bytes: Uint8Array, start: number, end: number, cell: number): number {
    const kind = kinds[cell]
    const place = places[cell] as number
    if (kind === 'number') {
      if (!isEnd(bytes[start])) return readDecimal(bytes, start, end, numbers, place)
      numbers[place] = Number.NaN
      return start
    }
    if (kind === 'time') return readTime(bytes, start, end, numbers, place)
    const cellEnd = endOfCell(bytes, start)
    if (cellEnd < 0 || kind === undefined) return cellEnd
    if (bytes[start] === SPACE || bytes[cellEnd - 1] === SPACE) return -1
    texts[place] = textIn(bytes, start, cellEnd)
    return cellEnd
  }

  /** @param end a line end at or behind that of the row @returns the index behind the row; -1 where it is not plain */
  function readRow(bytes: Uint8Array, start: number, end: number): number {
    let at = readCell(bytes, start, end, 0)
    for (let cell = 1; cell < cellCount; cell++) {
      if (at < 0 || bytes[at] !== border) return -1
      at = readCell(bytes, at + 1, end, cell)
    }
    if (at < 0) return -1
    if (bytes[at] === RETURN) at++
    return bytes[at] === NEWLINE ? at + 1 : -1
  }

  return {
    take(bytes, start, most) {
      taken = 0
      const end = bytes.lastIndexOf(NEWLINE)
      let at = start
      while (at < end && taken < most) {
        const next = readRow(bytes, at, end)
        if (next < 0 || !put(row)) break
        taken++
        at = next
      }
      return at
    },
    get taken() {
      return taken
    },
  }
}
