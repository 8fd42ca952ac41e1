/**
 * Values as what changed in their 64 bits since the value before: the number of leading bytes that are equal, four bits
 * each, two to a byte; after all of those the other bytes, highest first.
 *
 * @see Pelkonen et al. (2015), Gorilla: a fast, scalable, in-memory time series database, PVLDB 8(12), section 4.1.2
 */
export function writeChanges(values: Float64Array): Uint8Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const counts = (values.length + 1) >> 1
  const bytes = new Uint8Array(counts + values.length * 8)
  let at = counts
  let [low, high] = [0, 0]
  for (let index = 0; index < values.length; index++) {
    const changedLow = (words[index * 2] as number) ^ low
    const changedHigh = (words[index * 2 + 1] as number) ^ high
    low = words[index * 2] as number
    high = words[index * 2 + 1] as number
    const equal = changedHigh === 0 ? 4 + (Math.clz32(changedLow) >> 3) : Math.clz32(changedHigh) >> 3
    const half = index >> 1
    bytes[half] = (bytes[half] as number) | (index & 1 ? equal << 4 : equal)
    for (let byte = 7 - equal; byte >= 0; byte--) {
      bytes[at++] = byte >= 4 ? changedHigh >>> ((byte - 4) * 8) : changedLow >>> (byte * 8)
    }
  }
  return bytes.subarray(0, at)
}

export function readChanges(bytes: Uint8Array, values: Float64Array): void {
  const count = values.length
  const words = new Uint32Array(values.buffer, values.byteOffset, count * 2)
  let at = (count + 1) >> 1
  let [low, high] = [0, 0]
  for (let index = 0; index < count; index++) {
    const pair = bytes[index >> 1] as number
    const equal = index & 1 ? pair >> 4 : pair & 15
    for (let byte = 7 - equal; byte >= 0; byte--) {
      if (byte >= 4) high ^= (bytes[at++] as number) << ((byte - 4) * 8)
      else low ^= (bytes[at++] as number) << (byte * 8)
    }
    words[index * 2] = low
    words[index * 2 + 1] = high
  }
  if (at !== bytes.length) throw new RangeError('These bytes are not a whole curve.')
}
