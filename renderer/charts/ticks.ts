/** A figure at an axis, in so many digits after the point. */
export type TickFormat = (value: number, digits: number) => string

const MOST_DIGITS = 6
const PIXELS_A_CHARACTER = 7
const PADDING = 14
const LEAST_WIDTH = 60 // so that charts below each other begin at the same place

/** As few digits as tell the ticks apart. */
export function tickTexts(ticks: (number | null)[], format: TickFormat): string[] {
  const values = ticks.filter((tick) => tick !== null)
  let digits = 0
  while (digits < MOST_DIGITS && new Set(values.map((value) => format(value, digits))).size < values.length) digits++
  return ticks.map((tick) => (tick === null ? '' : format(tick, digits)))
}

/** Pixels that the texts of an axis need. */
export function widthOf(texts: string[] | null): number {
  const longest = Math.max(0, ...(texts ?? []).map((text) => text.length))
  return Math.max(LEAST_WIDTH, longest * PIXELS_A_CHARACTER + PADDING)
}
