import { type Cells, createCells } from './cells'
import { type CsvHeading, readCsvRow, readHeading } from './csv-row'
import { type FaultList, UnreadableStatement } from './faults'
import { type ColumnName, readJsonRow } from './json-row'
import type { OnRecord, PlainRecords } from './lines'
import { textOf } from './number-text'
import { createPlainRows, type PlainRow, type PlainRows } from './plain-rows'

/** A column of ours and the other names it may have in a body. Capitals do not matter in the heading of a CSV. */
export interface Column {
  name: string
  aliases: readonly string[]
  isRequired: boolean
  kind: 'time' | 'number' | 'text'
}

/** Collects the rows of one kind. */
export interface RowSink<Batch> {
  columns: readonly Column[]
  /** Takes one row, or answers what is wrong with it; such a row leaves nothing behind. */
  take(cells: Cells): string | undefined
  /** Takes one row that was read in passing; false where `take` has to look at it, and nothing was taken. */
  takePlain(row: PlainRow): boolean
  /** Rows that `flush` has not handed out. */
  readonly waiting: number
  /** The oldest rows that wait, at most so many. Their memory is the caller's until the next row is taken. */
  flush(most?: number): Batch
}

export interface RowOptions {
  /** The rows there may be; one more is a fault. */
  mostRows: number
  /** Names of the body's columns by ours, where a person assigned them: they alone count then. */
  columnNames?: Readonly<Record<string, string>> | undefined
}

/** Hands the rows of one array or body to a sink and keeps what is wrong with them. */
export function createRowTaker(
  sink: RowSink<unknown>,
  { mostRows, columnNames }: RowOptions,
  faults: FaultList,
  of = '',
) {
  const cells = createCells(sink.columns.length)
  const namesOf = (column: Column) => {
    const assigned = columnNames?.[column.name]
    return assigned === undefined ? [column.name, ...column.aliases] : [assigned]
  }
  const jsonNames: ColumnName[] = sink.columns.flatMap((each, column) =>
    namesOf(each).map((name) => ({ column, bytes: Buffer.from(name) })),
  )
  let heading: CsvHeading | undefined
  let plain: PlainRows | undefined
  let row = 0
  let count = 0

  const take = (line: number, misread: string | undefined) => {
    if (count >= mostRows) throw new UnreadableStatement(line, `There are more than ${mostRows} rows${of}.`)
    const wrong = misread ?? sink.take(cells)
    if (wrong === undefined) count++
    else faults.add({ line, row, message: `Row ${row}${of} ${wrong}.` })
  }
  const takeHeading = (line: number, text: string): CsvHeading => {
    const found = readHeading(text)
    if (!found) throw new UnreadableStatement(line, 'The heading has a quotation mark out of place.')
    const names = sink.columns.map((column) => namesOf(column).map((name) => name.toLowerCase()))
    const columns = found.names.map((name) => names.findIndex((known) => known.includes(name.toLowerCase())))
    sink.columns.forEach((column, index) => {
      const times = columns.filter((each) => each === index).length
      if (times > 1) throw new UnreadableStatement(line, `The heading names ${column.name} ${times} times.`)
      if (times === 0 && column.isRequired) {
        const wanted = namesOf(column).map((name) => `"${name}"`)
        throw new UnreadableStatement(line, `The heading has no column ${wanted.join(' or ')}.`)
      }
    })
    return { delimiter: found.delimiter, columns }
  }

  const takeJson: OnRecord = (bytes, start, end, line) => {
    if (faults.isOver()) return
    row++
    take(line, readJsonRow(bytes, start, end, jsonNames, cells))
  }
  const takeCsv: OnRecord = (bytes, start, end, line) => {
    if (faults.isOver()) return
    if (!heading) {
      heading = takeHeading(line, textOf(bytes, start, end))
      plain = createPlainRows(heading, sink.columns, sink.takePlain)
      return
    }
    row++
    take(line, readCsvRow(bytes, start, end, heading, cells))
  }
  const plainCsv: PlainRecords = {
    take(bytes, start) {
      if (!plain) return start
      const end = plain.take(bytes, start, mostRows - count)
      row += plain.taken
      count += plain.taken
      return end
    },
    get taken() {
      return plain?.taken ?? 0
    },
  }
  return { takeJson, takeCsv, plainCsv, hasHeading: () => heading !== undefined, count: () => count }
}
