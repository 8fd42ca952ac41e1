import type { Curve } from './curve'
import { readSteps, writeSteps } from './time-steps'
import { readChanges, writeChanges } from './value-changes'

/**
 * A curve as bytes, and back without the loss of a bit. All numbers are little-endian.
 *
 *     0  u8   version, 1
 *     1  u8   times: 0 regular, 1 steps (time-steps.ts), 2 Float64 each
 *     2  u8   values: 0 Float64 each, 1 changes (value-changes.ts)
 *     4  u32  number of points
 *     8  f64  first time
 *    16  f64  regular: ms between points; steps: ms that all steps are a multiple of
 *    24  u32  bytes of values
 *    32       values, then times
 *
 * A regular curve takes 8 bytes a point and any stretch of it can be read alone; bars with gaps take a little more.
 * Only where that would exceed 9 bytes a point are the values packed as well.
 */
const VERSION = 1
const HEADER = 32
const TIMES = { regular: 0, steps: 1, raw: 2 } as const
const VALUES = { raw: 0, changes: 1 } as const
const ROOMY = 9

export function encodeCurve({ times, values }: Curve): Uint8Array {
  if (times.length !== values.length) throw new RangeError('A curve has as many times as values.')
  const count = times.length
  const packedTimes = packTimes(times)
  const raw = bytesOf(values)
  const changes = count * 8 + packedTimes.bytes.length > count * ROOMY ? writeChanges(values) : raw
  const packedValues = changes.length < raw.length ? changes : raw

  const encoded = new Uint8Array(HEADER + packedValues.length + packedTimes.bytes.length)
  const header = new DataView(encoded.buffer)
  header.setUint8(0, VERSION)
  header.setUint8(1, packedTimes.kind)
  header.setUint8(2, packedValues === raw ? VALUES.raw : VALUES.changes)
  header.setUint32(4, count, true)
  header.setFloat64(8, times[0] ?? 0, true)
  header.setFloat64(16, packedTimes.unit, true)
  header.setUint32(24, packedValues.length, true)
  encoded.set(packedValues, HEADER)
  encoded.set(packedTimes.bytes, HEADER + packedValues.length)
  return encoded
}

/** @throws {RangeError} bytes that `encodeCurve` did not make, or that were cut off */
export function decodeCurve(encoded: Uint8Array): Curve {
  return decodeCurves([encoded])
}

/**
 * One curve from the bytes of parts that follow each other.
 *
 * @throws {RangeError} bytes that `encodeCurve` did not make, or that were cut off
 */
export function decodeCurves(parts: readonly Uint8Array[]): Curve {
  const headers = parts.map(readHeader)
  const length = headers.reduce((sum, { count }) => sum + count, 0)
  const curve = { times: new Float64Array(length), values: new Float64Array(length) }
  let at = 0
  headers.forEach((header, part) => {
    const end = at + header.count
    decodeInto(curve.times.subarray(at, end), curve.values.subarray(at, end), parts[part] as Uint8Array, header)
    at = end
  })
  return curve
}

interface Header {
  count: number
  times: number
  values: number
  start: number
  unit: number
  endOfValues: number
}

function readHeader(encoded: Uint8Array): Header {
  if (encoded.length < HEADER || encoded[0] !== VERSION) throw new RangeError('These bytes are not a curve.')
  const header = new DataView(encoded.buffer, encoded.byteOffset, HEADER)
  const [times, values] = [header.getUint8(1), header.getUint8(2)]
  const count = header.getUint32(4, true)
  const endOfValues = HEADER + header.getUint32(24, true)
  const [valueBytes, timeBytes] = [endOfValues - HEADER, encoded.length - endOfValues]
  // Before memory is taken for them: a count that was made up must not take gigabytes.
  const isWhole =
    (values === VALUES.raw ? valueBytes === count * 8 : valueBytes >= count / 2) &&
    (times === TIMES.raw ? timeBytes === count * 8 : timeBytes >= 0)
  if (!isWhole) throw new RangeError('These bytes are not a whole curve.')
  return { count, times, values, start: header.getFloat64(8, true), unit: header.getFloat64(16, true), endOfValues }
}

function decodeInto(times: Float64Array, values: Float64Array, encoded: Uint8Array, header: Header): void {
  const { start, unit, endOfValues } = header
  const valueBytes = encoded.subarray(HEADER, endOfValues)
  const timeBytes = encoded.subarray(endOfValues)
  if (header.values === VALUES.raw) bytesOf(values).set(valueBytes)
  else readChanges(valueBytes, values)
  if (header.times === TIMES.raw) bytesOf(times).set(timeBytes)
  else if (header.times === TIMES.steps) readSteps(timeBytes, times, start, unit)
  else if (timeBytes.length > 0) throw new RangeError('These bytes are not a whole curve.')
  else for (let index = 0; index < times.length; index++) times[index] = start + index * unit
}

function packTimes(times: Float64Array): { kind: number; unit: number; bytes: Uint8Array } {
  const interval = times.length > 1 ? (times[1] as number) - (times[0] as number) : 0
  if (isRegular(times, interval)) return { kind: TIMES.regular, unit: interval, bytes: new Uint8Array(0) }
  const steps = writeSteps(times)
  return steps ? { kind: TIMES.steps, ...steps } : { kind: TIMES.raw, unit: 0, bytes: bytesOf(times) }
}

function isRegular(times: Float64Array, interval: number): boolean {
  const start = times[0] ?? 0
  for (let index = 0; index < times.length; index++) {
    if (!Object.is(times[index], start + index * interval)) return false
  }
  return true
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
