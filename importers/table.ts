import { createFaultList, type FaultList, UnreadableFile } from './faults'

export interface Table {
  columns: string[]
  rows: string[][]
  /** Line that each row starts in, from 1. */
  lines: number[]
  /** Rows that have not as many cells as the heading; they are left out. */
  faults: FaultList
}

const DELIMITERS = [',', ';', '\t']

/**
 * Reads CSV by RFC 4180, with comma, semicolon or tab. A heading without a name, which is what pandas gives an index,
 * becomes "Column 1" and so on; one that comes again gets its number behind it.
 *
 * @param mostRows what follows is left alone
 * @throws {UnreadableFile}
 */
export function readTable(text: string, mostRows = Number.POSITIVE_INFINITY): Table {
  const body = text.replace(/^\ufeff/, '')
  const heading = body.slice(0, /\r?\n|$/.exec(body)?.index)
  const delimiter = DELIMITERS.reduce((most, each) => (countOf(heading, each) > countOf(heading, most) ? each : most))
  const records = splitRecords(body, delimiter, mostRows + 1)
  const first = records.next()
  if (first.done) throw new UnreadableFile('The file is empty.')
  if (isRow(first.value.cells))
    throw new UnreadableFile('The file has no heading: write the names of its columns above the first row.', 1)
  const columns = named(first.value.cells)
  const table: Table = { columns, rows: [], lines: [], faults: createFaultList() }
  for (const { cells, line } of records) {
    if (cells.length === columns.length) {
      table.rows.push(cells)
      table.lines.push(line)
    } else table.faults.add(line, miscounted(cells.length, columns.length, delimiter))
    if (table.faults.isFull) break
  }
  return table
}

/** A day and a number, which no program writes as the names of columns. */
function isRow([first = '', second = '']: string[]): boolean {
  return /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/.test(first) && second !== '' && Number.isFinite(Number(second))
}

function miscounted(found: number, wanted: number, delimiter: string): string {
  const hint = found > wanted && delimiter === ',' ? ' A comma within a number is not read: write a decimal point.' : ''
  return `The row has ${found} cells where the heading has ${wanted}.${hint}`
}

const countOf = (text: string, delimiter: string) => text.split(delimiter).length

function named(headings: string[]): string[] {
  const seen = new Map<string, number>()
  return headings.map((heading, index) => {
    const name = heading || `Column ${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

function* splitRecords(text: string, delimiter: string, most: number): Generator<{ cells: string[]; line: number }> {
  let line = 1
  let count = 0
  for (let at = 0; at < text.length && count < most; ) {
    const end = text.indexOf('\n', at)
    const plain = text.slice(at, end < 0 ? text.length : end)
    if (!plain.includes('"')) {
      const record = plain.endsWith('\r') ? plain.slice(0, -1) : plain
      if (record.trim() !== '') {
        count++
        yield { cells: record.split(delimiter).map((cell) => cell.trim()), line }
      }
      at = end < 0 ? text.length : end + 1
      line++
      continue
    }
    const { cells, next, lines } = readQuoted(text, at, delimiter, line)
    count++
    yield { cells, line }
    at = next
    line += lines
  }
}

/** One record with quotation marks in it, which may go over several lines. */
function readQuoted(text: string, start: number, delimiter: string, line: number) {
  const cells: string[] = []
  let lines = 1
  let at = start
  for (;;) {
    while (text[at] === ' ') at++
    if (text[at] === '"') {
      let cell = ''
      for (;;) {
        const close = text.indexOf('"', at + 1)
        if (close < 0) throw new UnreadableFile('A quoted text that starts here never ends.', line)
        cell += text.slice(at + 1, close)
        at = close + 1
        if (text[at] !== '"') break
        cell += '"'
      }
      lines += cell.split('\n').length - 1
      cells.push(cell.trim())
      while (text[at] === ' ') at++
    } else {
      const from = at
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '"') at++
      cells.push(text.slice(from, at).trim())
    }
    if (text[at] === delimiter) at++
    else if (text[at] === '\r' && text[at + 1] === '\n') return { cells, next: at + 2, lines }
    else if (text[at] === '\n') return { cells, next: at + 1, lines }
    else if (at >= text.length) return { cells, next: at, lines }
    else throw new UnreadableFile('It has a quotation mark out of place.', line)
  }
}
