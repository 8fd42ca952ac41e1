/**
 * Times as the steps between them: a number of points at the same step as before, or a new step. Each is a number in
 * seven-bit groups, lowest first, the eighth bit saying that more follow; its lowest bit says which of the two it is.
 */
const LARGEST_STEP = 2 ** 51
const LONGEST = 8

/** @returns nothing where the times are not whole increasing milliseconds */
export function writeSteps(times: Float64Array): { unit: number; bytes: Uint8Array } | undefined {
  const unit = commonStep(times)
  if (unit === undefined) return undefined
  const bytes = new Uint8Array(Math.max(times.length * LONGEST, LONGEST))
  let at = 0
  let step = 0
  let repeats = 0
  const write = (number: number) => {
    let rest = number
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) + 0x80
      rest = Math.floor(rest / 0x80)
    }
    bytes[at++] = rest
  }
  for (let index = 1; index < times.length; index++) {
    const next = ((times[index] as number) - (times[index - 1] as number)) / unit
    if (next === step) {
      repeats++
      continue
    }
    if (repeats > 0) write(repeats * 2)
    write(next * 2 + 1)
    step = next
    repeats = 0
  }
  if (repeats > 0) write(repeats * 2)
  return { unit, bytes: bytes.subarray(0, at) }
}

export function readSteps(bytes: Uint8Array, times: Float64Array, start: number, unit: number): void {
  const count = times.length
  times[0] = start
  let time = start
  let filled = 1
  let step = 0
  let at = 0
  while (at < bytes.length) {
    let number = 0
    let factor = 1
    let byte = 0x80
    while (byte >= 0x80) {
      byte = bytes[at++] ?? Number.NaN
      number += (byte % 0x80) * factor
      factor *= 0x80
    }
    const isNewStep = number % 2 === 1
    if (isNewStep) step = ((number - 1) / 2) * unit
    const end = filled + (isNewStep ? 1 : number / 2)
    if (!(end > filled && end <= count)) throw new RangeError('These bytes are not a whole curve.')
    while (filled < end) {
      time += step
      times[filled++] = time
    }
  }
  if (filled !== count) throw new RangeError('These bytes are not a whole curve.')
}

/** The greatest number of milliseconds that every step is a multiple of. */
function commonStep(times: Float64Array): number | undefined {
  if (!isWhole(times[0])) return undefined
  let unit = 0
  for (let index = 1; index < times.length; index++) {
    const time = times[index] as number
    const step = time - (times[index - 1] as number)
    if (!isWhole(time) || step <= 0 || step > LARGEST_STEP) return undefined
    if (unit === 0 || step % unit !== 0) unit = greatestCommonDivisor(unit, step)
  }
  return unit || 1
}

function isWhole(time: number | undefined): boolean {
  return Number.isSafeInteger(time) && !Object.is(time, -0)
}

function greatestCommonDivisor(left: number, right: number): number {
  let [a, b] = [left, right]
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
