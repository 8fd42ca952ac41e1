import { alignTo, type CurvePoints, valueAt } from '../charts/align'

export interface Rebased {
  times: number[] // ms UTC, of all curves together
  values: (number | null)[][] // for each curve at these times; 100 on the first day
  start: number | null // the first day that all of them have; null: they share none, and each begins at 100
}

const BASE = 100

/** Curves that are worth 100 on the first day they share; where they share none, on their own first days. */
export function rebaseAll(curves: (CurvePoints | undefined)[]): Rebased {
  const known = curves.filter((curve) => curve !== undefined)
  const times = [...new Set(known.flatMap((curve) => curve.times))].sort((one, other) => one - other)
  const latestStart = Math.max(...known.map((curve) => curve.times[0] ?? Number.NEGATIVE_INFINITY))
  const earliestEnd = Math.min(...known.map((curve) => curve.times.at(-1) ?? Number.POSITIVE_INFINITY))
  const start = known.length > 0 && latestStart <= earliestEnd ? latestStart : null
  const values = curves.map((curve) => {
    if (!curve) return times.map(() => null)
    const base = valueAt(curve, start ?? curve.times[0] ?? 0)
    if (!base || base < 0) return times.map(() => null)
    return alignTo(times, curve).map((value) => (value === null ? null : (value / base) * BASE))
  })
  return { times, values, start }
}
