/** A curve as the server sends it. */
export interface CurvePoints {
  times: number[] // ms UTC, increasing
  values: number[]
}

/** The curve at other times: the last value at or before each; null before its first point and after its last. */
export function alignTo(times: number[], curve: CurvePoints): (number | null)[] {
  const last = curve.times.at(-1) ?? Number.NEGATIVE_INFINITY
  let at = -1
  return times.map((time) => {
    while (at + 1 < curve.times.length && (curve.times[at + 1] ?? 0) <= time) at++
    return at < 0 || time > last ? null : (curve.values[at] ?? null)
  })
}

/** The value at an instant: the last one at or before it, else the first one. */
export function valueAt(curve: CurvePoints, time: number): number | null {
  const after = curve.times.findIndex((each) => each > time)
  const at = after === -1 ? curve.times.length - 1 : Math.max(0, after - 1)
  return curve.values[at] ?? null
}
