import { UnreadableStatement } from './faults'
import { createValueScan, isSpace } from './json-scan'
import { LONGEST_RECORD, type OnRecord, type Splitter, tooLong } from './lines'
import { textOf } from './number-text'

/** What the members that are not streamed may hold together, in bytes. */
const LARGEST_REST = 262_144
const NEWLINE = 0x0a
const [OPEN_ROWS, CLOSE_ROWS, OPEN_MEMBERS, CLOSE_MEMBERS, COMMA, COLON] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x3a]

/** Where the arrays of rows are: the root is one, or they are members of the root. */
export type Streams = { root: OnRecord } | { members: ReadonlyMap<string, OnRecord> }

interface JsonDocument {
  /** What is beside the arrays, as the text of an object. */
  rest(): string
  /** Whether a member was an array of rows, if only an empty one. */
  hasRows(member: string): boolean
}

type Expected =
  | 'root'
  | 'first name'
  | 'name'
  | 'colon'
  | 'value'
  | 'next name'
  | 'first row'
  | 'row'
  | 'next row'
  | 'end'

/**
 * Cuts a JSON document into the rows of its arrays wherever its pieces end, so that it is never held whole. What else is
 * in it, up to 256 KiB, is kept as the text of an object, which `rest` gives once the document has ended.
 */
export function splitJson(streams: Streams): Splitter & JsonDocument {
  const members = 'members' in streams ? streams.members : new Map<string, OnRecord>()
  const afterRows = 'root' in streams ? 'end' : 'next name'
  let onRecord = 'root' in streams ? streams.root : undefined
  let expected: Expected = 'root'
  let name = ''
  const names = new Set<string>()
  const arrays = new Set<string>()
  const kept: string[] = []
  let keptBytes = 0
  let pending = new Uint8Array()
  const value = createValueScan()
  let line = 1

  const unreadable = (message: string) => new UnreadableStatement(line, message)

  const takeMark = (byte: number): boolean => {
    if (expected === 'root' && byte === ('root' in streams ? OPEN_ROWS : OPEN_MEMBERS)) {
      expected = 'root' in streams ? 'first row' : 'first name'
    } else if (expected === 'root') {
      throw unreadable('root' in streams ? 'The body is no JSON array of rows.' : 'The body is no JSON object.')
    } else if (expected === 'value' && byte === OPEN_ROWS && members.has(name)) {
      expected = 'first row'
      onRecord = members.get(name)
      arrays.add(name)
    } else if (byte === COLON && expected === 'colon') expected = 'value'
    else if (byte === COMMA && expected === 'next name') expected = 'name'
    else if (byte === COMMA && expected === 'next row') expected = 'row'
    else if (byte === CLOSE_MEMBERS && (expected === 'next name' || expected === 'first name')) expected = 'end'
    else if (byte === CLOSE_ROWS && (expected === 'next row' || expected === 'first row')) expected = afterRows
    else return false
    return true
  }
  const takeName = (text: string) => {
    name = parse(text)
    if (typeof name !== 'string') throw unreadable('The name of a member is missing.')
    if (names.has(name)) throw unreadable(`${JSON.stringify(name)} stands there twice.`)
    names.add(name)
    expected = 'colon'
  }
  const takeOther = (text: string) => {
    const isMissing = parse(text) === null
    if (members.has(name) && !isMissing) throw unreadable(`The member ${JSON.stringify(name)} is no array of rows.`)
    keptBytes += text.length + name.length
    kept.push(`${JSON.stringify(name)}:${text}`)
    expected = 'next name'
  }
  const takeValue = (bytes: Uint8Array, start: number, end: number) => {
    const isRow = expected === 'row' || expected === 'first row'
    if (isRow) {
      if (end - start > LONGEST_RECORD) throw tooLong(value.line)
      onRecord?.(bytes, start, end, value.line)
      expected = 'next row'
    } else if (expected === 'value') takeOther(textOf(bytes, start, end))
    else takeName(textOf(bytes, start, end))
  }
  const parse = (text: string) => {
    try {
      return JSON.parse(text)
    } catch {
      throw unreadable('The body is not JSON.')
    }
  }
  const isValueExpected = () =>
    expected === 'row' ||
    expected === 'first row' ||
    expected === 'value' ||
    expected === 'name' ||
    expected === 'first name'

  return {
    push(piece) {
      const bytes = pending.length === 0 ? piece : Buffer.concat([pending, piece])
      let start = 0
      let at = pending.length
      while (at < bytes.length) {
        const byte = bytes[at] as number
        if (!value.isOpen()) {
          if (byte === NEWLINE) line++
          if (isSpace(byte) || takeMark(byte)) {
            at++
            continue
          }
          if (!isValueExpected()) throw unreadable('The body is not JSON.')
          value.open(line)
          start = at
        }
        const end = value.scan(bytes, at)
        if (end < 0) break
        line = value.endLine
        takeValue(bytes, start, end)
        at = end
      }
      pending = value.isOpen() ? new Uint8Array(bytes.subarray(start)) : new Uint8Array()
      if (expected !== 'value' && pending.length > LONGEST_RECORD) throw tooLong(line)
      if (keptBytes + pending.length > LARGEST_REST) {
        throw unreadable(`The members beside the rows hold more than ${LARGEST_REST} bytes.`)
      }
    },
    end() {
      if (expected !== 'end') throw unreadable('The body ends in the middle.')
    },
    rest: () => `{${kept.join(',')}}`,
    hasRows: (member) => arrays.has(member),
  }
}
