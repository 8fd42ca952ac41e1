/** Makes a function that says whether one more may pass: a burst at first, then so many a second. */
export function createAllowance(burst: number, perSecond: number, clock: () => number): () => boolean {
  let left = burst
  let countedAt = clock()
  return () => {
    const time = clock()
    left = Math.min(burst, left + ((time - countedAt) / 1000) * perSecond)
    countedAt = time
    if (left < 1) return false
    left -= 1
    return true
  }
}
