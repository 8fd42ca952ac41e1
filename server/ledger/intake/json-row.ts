import { ABSENT, type Cells, NUMBER, OTHER, setCell, TEXT } from './cells'
import { textOf } from './number-text'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a

/** The names that one of our columns may have in a body, as bytes. */
export interface ColumnName {
  column: number
  bytes: Uint8Array
}

/**
 * Reads one row of JSON: an object by the names of its members, or an array by the order of our columns. Flat rows are
 * read from the bytes; whatever else there is goes through the parser, and means the same.
 *
 * @returns what is wrong with the row, where something is
 */
export function readJsonRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  names: readonly ColumnName[],
  cells: Cells,
): string | undefined {
  cells.kinds.fill(ABSENT)
  return readFlatRow(bytes, start, end, names, cells)
    ? undefined
    : readParsedRow(textOf(bytes, start, end), names, cells)
}

function readFlatRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  names: readonly ColumnName[],
  cells: Cells,
): boolean {
  const isObject = bytes[start] === 0x7b
  if (!isObject && bytes[start] !== 0x5b) return false
  const closing = isObject ? 0x7d : 0x5d
  let at = skipSpace(bytes, start + 1, end)
  for (let member = 0; at < end; member++) {
    let column = member < cells.kinds.length ? member : -1
    if (isObject) {
      const nameEnd = endOfPlainString(bytes, at, end)
      if (nameEnd < 0) return false
      column = columnOf(bytes, at + 1, nameEnd, names)
      at = skipSpace(bytes, nameEnd + 1, end)
      if (bytes[at] !== COLON) return false
      at = skipSpace(bytes, at + 1, end)
    }
    const from = at
    if (bytes[at] === QUOTE) {
      const stringEnd = endOfPlainString(bytes, at, end)
      if (stringEnd < 0) return false
      if (column >= 0) setCell(cells, column, TEXT, bytes, from + 1, stringEnd)
      at = stringEnd + 1
    } else {
      if (!startsNumber(bytes[at])) return false
      while (at < end && isOfNumber(bytes[at] as number)) at++
      if (column >= 0) setCell(cells, column, NUMBER, bytes, from, at)
    }
    at = skipSpace(bytes, at, end)
    if (bytes[at] === closing) return skipSpace(bytes, at + 1, end) === end
    if (bytes[at] !== COMMA) return false
    at = skipSpace(bytes, at + 1, end)
  }
  return false
}

function readParsedRow(text: string, names: readonly ColumnName[], cells: Cells): string | undefined {
  cells.kinds.fill(ABSENT)
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  if (typeof row !== 'object' || row === null) return 'is neither an object nor an array'
  const members: [number, unknown][] = Array.isArray(row)
    ? row.map((value, column) => [column, value])
    : Object.entries(row).map(([name, value]) => [
        columnOf(Buffer.from(name), 0, Buffer.byteLength(name), names),
        value,
      ])
  for (const [column, value] of members) {
    if (column < 0 || column >= cells.kinds.length || value === null) continue
    const kind = typeof value === 'number' ? NUMBER : typeof value === 'string' ? TEXT : OTHER
    const bytes = Buffer.from(kind === OTHER ? JSON.stringify(value) : String(value))
    setCell(cells, column, kind, bytes, 0, bytes.length)
  }
  return undefined
}

/** Rows name their members in the same order mostly, so the search is short. */
function columnOf(bytes: Uint8Array, start: number, end: number, names: readonly ColumnName[]): number {
  for (const name of names) {
    if (name.bytes.length !== end - start) continue
    let at = 0
    while (at < name.bytes.length && name.bytes[at] === bytes[start + at]) at++
    if (at === name.bytes.length) return name.column
  }
  return -1
}

/** @returns the closing mark of a string without escapes; -1 where it has some or does not end */
function endOfPlainString(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return -1
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < 0x20) return -1
  }
  return -1
}

function startsNumber(byte: number | undefined): boolean {
  return byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39)
}

function isOfNumber(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45
  )
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)) at++
  return at
}
