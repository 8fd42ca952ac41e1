export interface Repetition {
  loops: number
  milliseconds: number
}

/** Does the same in several loops at once for some time, and answers how often per second it was done in all. */
export async function repeatedly(
  { loops, milliseconds }: Repetition,
  work: (loop: number) => Promise<unknown>,
): Promise<number> {
  const ends: number[] = []
  const deadline = performance.now() + milliseconds
  const repeat = async (loop: number) => {
    while (performance.now() < deadline) {
      await work(loop)
      ends.push(performance.now())
    }
  }
  await Promise.all(Array.from({ length: loops }, (_none, loop) => repeat(loop)))
  // From the first end to the last: what was under way at the edges does not count.
  return ((ends.length - 1) * 1000) / ((ends.at(-1) ?? 0) - (ends[0] ?? 0))
}
