import { UnreadableStatement } from './faults'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22

/** A record may not be longer, so that a body without line ends cannot fill the memory. */
export const LONGEST_RECORD = 65_536

/** So many more lines may be blank than are not, so that a small compressed body cannot be one of a billion line ends. */
export const MOST_BLANK_LINES = 10_000

/** Called with each record: the bytes that hold it are only its own until the call returns. */
export type OnRecord = (bytes: Uint8Array, start: number, end: number, line: number) => void

/** Takes records of one line, many at once, as long as they are plain. */
export interface PlainRecords {
  /** @returns where it stopped: at the start of a record */
  take(bytes: Uint8Array, start: number): number
  /** Records that the last call took. */
  readonly taken: number
}

export interface Splitter {
  /** @throws {UnreadableStatement} what follows has no meaning */
  push(piece: Uint8Array): void
  /** @throws {UnreadableStatement} the body ends too early */
  end(): void
}

/**
 * Cuts a body into lines wherever its pieces end. Blank lines are left out.
 *
 * @param isQuoted whether a line end between quotation marks belongs to the record, as in CSV
 * @param plain is offered every record first
 */
export function splitLines(
  onRecord: OnRecord,
  { isQuoted, plain }: { isQuoted: boolean; plain?: PlainRecords },
): Splitter {
  let rest = new Uint8Array()
  let scanned = 0 // bytes of the rest in which no record ends
  let isOpen = false
  let line = 1
  let linesInside = 0
  let blankLines = 0

  const finish = (bytes: Uint8Array, start: number, end: number) => {
    const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end
    if (last - start > LONGEST_RECORD) throw tooLong(line)
    if (last > start) onRecord(bytes, start, last, line)
    else if (++blankLines * 2 - line > MOST_BLANK_LINES)
      throw new UnreadableStatement(line, 'Too many lines are empty: leave them out.')
    line += 1 + linesInside
    linesInside = 0
  }
  const takePlain = (bytes: Uint8Array, start: number): number => {
    if (!plain) return start
    const end = plain.take(bytes, start)
    line += plain.taken
    return end
  }
  /** @returns where the record ends; -1 where that is in a later piece */
  const endOfRecord = (bytes: Uint8Array, from: number): number => {
    const end = bytes.indexOf(NEWLINE, from)
    // Without quotation marks the line end is found by the engine, ten times as fast.
    if (!isOpen && !(isQuoted && isWithin(bytes, from, end < 0 ? bytes.length : end))) return end
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) isOpen = !isOpen
      else if (byte === NEWLINE && isOpen) linesInside++
      else if (byte === NEWLINE) return at
    }
    return -1
  }
  const consume = (bytes: Uint8Array) => {
    let start = scanned > 0 ? 0 : takePlain(bytes, 0)
    let end = endOfRecord(bytes, Math.max(start, scanned))
    while (end >= 0) {
      finish(bytes, start, end)
      start = takePlain(bytes, end + 1)
      end = endOfRecord(bytes, start)
    }
    rest = new Uint8Array(bytes.subarray(start))
    scanned = rest.length
    if (rest.length > LONGEST_RECORD + 1) throw tooLong(line)
  }
  return {
    push(piece) {
      let from = 0
      if (rest.length > 0) {
        // Only the record that began in the piece before is put together with it.
        const end = isOpen ? -1 : piece.indexOf(NEWLINE)
        from = end < 0 ? piece.length : end + 1
        consume(Buffer.concat([rest, piece.subarray(0, from)]))
      }
      if (from === piece.length) return
      consume(rest.length === 0 ? piece.subarray(from) : Buffer.concat([rest, piece.subarray(from)]))
    },
    end() {
      if (isOpen) throw new UnreadableStatement(line, 'A quoted text that starts here never ends.')
      if (rest.length > 0) finish(rest, 0, rest.length)
      rest = new Uint8Array()
      scanned = 0
    },
  }
}

function isWithin(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === QUOTE) return true
  return false
}

export function tooLong(line: number): UnreadableStatement {
  return new UnreadableStatement(line, `A row holds more than ${LONGEST_RECORD} bytes.`)
}
