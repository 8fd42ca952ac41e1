/** The value below which a share of the sorted values lies; 0.5 is the median. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: number[]): number => quantile(values, 0.5)

/** Measures both sides in turn, A B A B, and answers each round's pair. The first round warms up and is dropped. */
export async function interleave<Ours, Other = Ours>(
  rounds: number,
  ours: () => Promise<Ours>,
  other: () => Promise<Other>,
): Promise<{ ours: Ours; other: Other }[]> {
  const pairs: { ours: Ours; other: Other }[] = []
  for (let round = 0; round <= rounds; round += 1) pairs.push({ ours: await ours(), other: await other() })
  return pairs.slice(1)
}

export interface Compared {
  ours: number
  other: number
  /** Median of the rounds' ratios: what slows one round down slows both of its sides. */
  ratio: number
}

export function compare(pairs: { ours: number; other: number }[]): Compared {
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    other: median(pairs.map(({ other }) => other)),
    ratio: median(pairs.map(({ ours, other }) => ours / other)),
  }
}
