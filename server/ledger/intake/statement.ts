import { createFaultList, type RowFault, UnreadableStatement } from './faults'
import { splitJson } from './json-document'
import { splitLines } from './lines'
import { createRowTaker, type RowOptions, type RowSink } from './row-taker'

export type StatementFormat = 'json' | 'csv' | 'ndjson'

export interface StatementReader<Batch> {
  /** Takes a piece of the body, cut anywhere; the rows that are complete with it wait. */
  read(piece: Uint8Array): void
  /** Ends the body: the rows left over wait as well. */
  end(): void
  /** Rows that `flush` has not handed out. */
  readonly waiting: number
  /** The oldest rows that wait, at most so many. Their memory is the caller's until the next piece is read. */
  flush(most?: number): Batch
  /** At most 50, in the order of the body. Where there is one, nothing of the body may be kept. */
  readonly faults: readonly RowFault[]
  /** Whether the rest of the body would be read in vain. */
  readonly isOver: boolean
  readonly rowCount: number
}

export interface DocumentReader {
  /** Takes a piece of the body, cut anywhere; the rows that are complete with it are in the sinks. */
  read(piece: Uint8Array): void
  /** Ends the body. */
  end(): void
  readonly faults: readonly RowFault[]
  readonly isOver: boolean
  rowCount(array: string): number
  /** Whether the array is there, if only an empty one. */
  hasArray(array: string): boolean
  /** After the end and without a fault: the body without the arrays. */
  rest(): unknown
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * Reads rows of one kind piece by piece. Beside the batch it holds one unfinished record of at most 64 KiB and the faults.
 *
 * JSON is an array of rows; NDJSON has a row a line; a row is an object, or an array in the order of the columns. CSV has
 * a heading and follows RFC 4180, with comma, semicolon or tab.
 */
export function readStatement<Batch>(
  format: StatementFormat,
  sink: RowSink<Batch>,
  options: RowOptions,
): StatementReader<Batch> {
  const faults = createFaultList()
  const rows = createRowTaker(sink, options, faults)
  const isCsv = format === 'csv'
  const splitter =
    format === 'json'
      ? splitJson({ root: rows.takeJson })
      : isCsv
        ? splitLines(rows.takeCsv, { isQuoted: true, plain: rows.plainCsv })
        : splitLines(rows.takeJson, { isQuoted: false })
  const withoutMark = createMarkRemover()
  return {
    read: (piece) => faults.guard(() => splitter.push(withoutMark(piece))),
    end() {
      faults.guard(() => {
        splitter.end()
        if (isCsv && !rows.hasHeading()) {
          throw new UnreadableStatement(1, 'The body is empty: the first line of CSV names the columns.')
        }
      })
    },
    get waiting() {
      return sink.waiting
    },
    flush: sink.flush,
    faults: faults.faults,
    get isOver() {
      return faults.isOver()
    },
    get rowCount() {
      return rows.count()
    },
  }
}

/**
 * Reads a JSON object some of whose members are long arrays of rows; an array that is null or missing has none. Beside
 * the sinks it holds one unfinished record, the faults, and the other members, of at most 256 KiB.
 *
 * @param arrays what takes the rows of each array, by the name of the member
 */
export function readDocument(
  arrays: Readonly<Record<string, { sink: RowSink<unknown>; options: RowOptions }>>,
): DocumentReader {
  const faults = createFaultList()
  const takers = new Map(
    Object.entries(arrays).map(([name, { sink, options }]) => {
      return [name, createRowTaker(sink, options, faults, ` of ${name}`)] as const
    }),
  )
  const splitter = splitJson({ members: new Map([...takers].map(([name, { takeJson }]) => [name, takeJson])) })
  const withoutMark = createMarkRemover()
  return {
    read: (piece) => faults.guard(() => splitter.push(withoutMark(piece))),
    end: () => faults.guard(() => splitter.end()),
    faults: faults.faults,
    get isOver() {
      return faults.isOver()
    },
    rowCount: (array) => takers.get(array)?.count() ?? 0,
    hasArray: (array) => splitter.hasRows(array),
    rest: () => JSON.parse(splitter.rest()),
  }
}

/** Takes off the mark that some programs put in front of UTF-8. */
function createMarkRemover() {
  let seen = 0
  return (piece: Uint8Array): Uint8Array => {
    let start = 0
    while (seen < BYTE_ORDER_MARK.length && start < piece.length) {
      if (piece[start] === BYTE_ORDER_MARK[seen]) {
        start++
        seen++
      } else seen = BYTE_ORDER_MARK.length
    }
    return start === 0 ? piece : piece.subarray(start)
  }
}
