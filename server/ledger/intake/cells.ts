import { textOf } from './number-text'

export const ABSENT = 0
export const TEXT = 1
/** A number of JSON; in CSV everything is text. */
export const NUMBER = 2
/** A value of JSON that no column takes. */
export const OTHER = 3
export type CellKind = typeof ABSENT | typeof TEXT | typeof NUMBER | typeof OTHER

/** One row by our columns: which bytes hold each cell. It is filled again for the next row. */
export interface Cells {
  kinds: CellKind[]
  bytes: Uint8Array[]
  starts: number[]
  ends: number[]
}

export function createCells(columns: number): Cells {
  const zeros = () => new Array<number>(columns).fill(0)
  return {
    kinds: new Array<CellKind>(columns).fill(ABSENT),
    bytes: new Array<Uint8Array>(columns).fill(new Uint8Array()),
    starts: zeros(),
    ends: zeros(),
  }
}

export function setCell(
  cells: Cells,
  column: number,
  kind: CellKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  cells.kinds[column] = kind
  cells.bytes[column] = bytes
  cells.starts[column] = start
  cells.ends[column] = end
}

/** Makes texts of bytes that repeat, such as instruments: the same bytes give the same string, made once. */
export function createTextMemo(most = 4096): (bytes: Uint8Array, start: number, end: number) => string {
  const known = new Map<number, { bytes: Uint8Array; text: string }>()
  return (bytes, start, end) => {
    // FNV-1a, which spreads short texts well; of 30 bits, which V8 keeps without a box.
    let hash = 0x811c9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
    hash &= 0x3fffffff
    const found = known.get(hash)
    if (found && holds(found.bytes, bytes, start, end - start)) return found.text
    const text = textOf(bytes, start, end)
    if (known.size < most) known.set(hash, { bytes: new Uint8Array(bytes.subarray(start, end)), text })
    return text
  }
}

function holds(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let at = 0; at < length; at++) if (known[at] !== bytes[start + at]) return false
  return true
}
