import { UnreadableStatement } from './faults'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22

/** A record may not be longer, so that a body without line ends cannot fill the memory. */
export const LONGEST_RECORD = 65_536

/** Called with each record: the bytes that hold it are only its own until the call returns. */
export type OnRecord = (bytes: Uint8Array, start: number, end: number, line: number) => void

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
 */
export function splitLines(onRecord: OnRecord, { isQuoted }: { isQuoted: boolean }): Splitter {
  let rest = new Uint8Array()
  let scanned = 0
  let isOpen = false
  let line = 1
  let linesInside = 0

  const finish = (bytes: Uint8Array, start: number, end: number) => {
    const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end
    if (last - start > LONGEST_RECORD) throw tooLong(line)
    if (last > start) onRecord(bytes, start, last, line)
    line += 1 + linesInside
    linesInside = 0
  }
  return {
    push(piece) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      let at = scanned
      // Without quotation marks the line ends are found by the engine, ten times as fast.
      if (!isOpen && !(isQuoted && bytes.indexOf(QUOTE, at) >= 0)) {
        for (let end = bytes.indexOf(NEWLINE, at); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
          finish(bytes, start, end)
          start = end + 1
        }
        at = bytes.length
      }
      for (; at < bytes.length; at++) {
        const byte = bytes[at]
        if (byte === QUOTE && isQuoted) isOpen = !isOpen
        if (byte !== NEWLINE) continue
        if (isOpen) {
          linesInside++
          continue
        }
        finish(bytes, start, at)
        start = at + 1
      }
      rest = new Uint8Array(bytes.subarray(start))
      scanned = rest.length
      if (rest.length > LONGEST_RECORD + 1) throw tooLong(line)
    },
    end() {
      if (isOpen) throw new UnreadableStatement(line, 'A quoted text that starts here never ends.')
      if (rest.length > 0) finish(rest, 0, rest.length)
      rest = new Uint8Array()
      scanned = 0
    },
  }
}

export function tooLong(line: number): UnreadableStatement {
  return new UnreadableStatement(line, `A row holds more than ${LONGEST_RECORD} bytes.`)
}
