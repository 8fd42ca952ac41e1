import { ABSENT, type Cells, setCell, TEXT } from './cells'
import { textOf } from './number-text'

const QUOTE = 0x22
const SPACE = 0x20
const DELIMITERS = [',', ';', '\t']

/** What the heading of a CSV body says. */
export interface CsvHeading {
  delimiter: string
  /** Our column for each of theirs; -1 for one that is not ours. */
  columns: number[]
}

/** Tells the delimiter by what the heading has most of. */
export function readHeading(text: string): { delimiter: string; names: string[] } | undefined {
  const count = (delimiter: string) => text.split(delimiter).length
  const delimiter = DELIMITERS.reduce((most, each) => (count(each) > count(most) ? each : most))
  const names = splitQuoted(text, delimiter)
  return names && { delimiter, names }
}

/** @returns what is wrong with the row, where something is */
export function readCsvRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  { columns, delimiter }: CsvHeading,
  cells: Cells,
): string | undefined {
  cells.kinds.fill(ABSENT)
  const border = delimiter.charCodeAt(0)
  let count = 0
  let from = start
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] === QUOTE) return readQuotedRow(textOf(bytes, start, end), { columns, delimiter }, cells)
    if (at < end && bytes[at] !== border) continue
    const column = columns[count++] ?? -1
    if (column >= 0) {
      let first = from
      let last = at
      while (first < last && bytes[first] === SPACE) first++
      while (last > first && bytes[last - 1] === SPACE) last--
      if (last > first) setCell(cells, column, TEXT, bytes, first, last)
    }
    from = at + 1
  }
  return counted(count, columns)
}

function readQuotedRow(text: string, { columns, delimiter }: CsvHeading, cells: Cells): string | undefined {
  cells.kinds.fill(ABSENT)
  const parts = splitQuoted(text, delimiter)
  if (!parts) return 'has a quotation mark out of place'
  parts.forEach((part, index) => {
    const column = columns[index] ?? -1
    const bytes = Buffer.from(part)
    if (column >= 0 && bytes.length > 0) setCell(cells, column, TEXT, bytes, 0, bytes.length)
  })
  return counted(parts.length, columns)
}

function counted(count: number, columns: readonly number[]): string | undefined {
  return count === columns.length ? undefined : `has ${count} cells where the heading has ${columns.length}`
}

/**
 * The cells of one record by RFC 4180, without the spaces around them.
 *
 * @returns nothing where a quotation mark stands where none may
 */
function splitQuoted(text: string, delimiter: string): string[] | undefined {
  const cell = new RegExp(`\\s*"((?:[^"]|"")*)"\\s*(?=${delimiter}|$)|([^"${delimiter}]*)(?=${delimiter}|$)`, 'y')
  const cells: string[] = []
  for (let at = 0; at <= text.length; at = cell.lastIndex + 1) {
    cell.lastIndex = at
    const match = cell.exec(text)
    if (!match) return undefined
    cells.push(match[1] === undefined ? (match[2] as string).trim() : match[1].replaceAll('""', '"').trim())
  }
  return cells
}
