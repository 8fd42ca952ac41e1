/** Ten looks of a line: five colours, each solid and dashed. The first is the product's own. */
export const TONES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => ({
  colour: `--hue-${(at % 5) + 1}`,
  dash: at < 5 ? [] : [6, 4],
}))

export interface Tone {
  colour: string // the name of a custom property
  dash: number[] // pixels on and off; empty: solid
}

export const BAD: Tone = { colour: '--bad', dash: [] }

export function toneOf(index: number): Tone {
  return TONES[index % TONES.length] ?? BAD
}
