/** Part of a curve, in ms UTC; without bounds all of it. */
export interface Stretch {
  from?: number
  to?: number
}

export interface Span {
  from: number
  to: number
}

export const WHOLE: Stretch = {}
const LEAST_MS = 1_000

export function spanOf({ from, to }: Stretch, whole: Span): Span {
  return { from: from ?? whole.from, to: to ?? whole.to }
}

/**
 * @param factor below 1 shows less of the curve, above 1 more
 * @param at what stays where it is, as a share of what is shown: 0 its start, 1 its end
 */
export function zoomed(stretch: Stretch, whole: Span, factor: number, at = 0.5): Stretch {
  const { from, to } = spanOf(stretch, whole)
  const length = Math.max(LEAST_MS, (to - from) * factor)
  const start = from + (to - from - length) * at
  return within({ from: start, to: start + length }, whole)
}

/** What somebody drew over, in either direction; a second at least. */
export function drawnOver(one: number, other: number, whole: Span): Stretch {
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  return zoomed({ from, to }, whole, 1)
}

/** @param share of what is shown; below 0 goes back in time */
export function moved(stretch: Stretch, whole: Span, share: number): Stretch {
  const { from, to } = spanOf(stretch, whole)
  const by = Math.min(whole.to - to, Math.max(whole.from - from, (to - from) * share))
  return within({ from: from + by, to: to + by }, whole)
}

function within({ from, to }: Span, whole: Span): Stretch {
  if (from <= whole.from && to >= whole.to) return WHOLE
  return { from: Math.round(Math.max(from, whole.from)), to: Math.round(Math.min(to, whole.to)) }
}
