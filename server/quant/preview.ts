import { type Curve, firstAtOrAfter, joinCurves } from './curve'

/**
 * At most `limit` points that draw like the whole curve: the span is cut into equal stretches of time, and of each the
 * first, lowest, highest and last point stay. On a chart with a column of pixels per stretch the drawing is the same
 * as that of all points; no peak is ever lost. Points are kept as they are, never averaged.
 *
 * @param limit 4 or more; a curve with no more points comes back whole
 * @see Jugel, Jerzak, Hackenbroich and Markl (2014), M4: a visualization-oriented time series data aggregation, PVLDB 7(10)
 */
export function preview({ times, values }: Curve, limit: number): Curve {
  if (!Number.isInteger(limit) || limit < 4) throw new RangeError('A preview has 4 points or more.')
  const length = times.length
  if (length <= limit) return { times: times.slice(), values: values.slice() }

  const stretches = Math.floor(limit / 4)
  const start = times[0] as number
  const width = ((times[length - 1] as number) - start) / stretches
  const kept = { times: new Float64Array(stretches * 4), values: new Float64Array(stretches * 4) }
  let count = 0
  const keep = (index: number) => {
    kept.times[count] = times[index] as number
    kept.values[count] = values[index] as number
    count++
  }

  let from = 0
  for (let stretch = 1; stretch <= stretches; stretch++) {
    const end = stretch === stretches ? Number.POSITIVE_INFINITY : start + stretch * width
    let lowest = from
    let highest = from
    let to = from
    while (to < length && (times[to] as number) < end) {
      if ((values[to] as number) < (values[lowest] as number)) lowest = to
      if ((values[to] as number) > (values[highest] as number)) highest = to
      to++
    }
    if (to === from) continue
    const earlier = Math.min(lowest, highest)
    const later = Math.max(lowest, highest)
    keep(from)
    if (earlier > from) keep(earlier)
    if (later > earlier) keep(later)
    if (to - 1 > later) keep(to - 1)
    from = to
  }
  return { times: kept.times.slice(0, count), values: kept.values.slice(0, count) }
}

/**
 * The part of a curve from one instant to another, both inclusive, in at most `limit` points, with the nearest point
 * outside at each end so that the line runs on to the edge of the chart.
 *
 * @param limit 6 or more
 */
export function zoom({ times, values }: Curve, from: number, to: number, limit: number): Curve {
  if (!(from <= to)) throw new RangeError('A window ends no earlier than it starts.')
  const first = firstAtOrAfter(times, from)
  const end = firstAtOrAfter(times, to)
  const past = end < times.length && times[end] === to ? end + 1 : end
  const inside = preview({ times: times.subarray(first, past), values: values.subarray(first, past) }, limit - 2)
  const neighbour = (index: number): Curve => {
    return { times: times.subarray(index, index + 1), values: values.subarray(index, index + 1) }
  }
  return joinCurves([...(first > 0 ? [neighbour(first - 1)] : []), inside, neighbour(past)])
}
