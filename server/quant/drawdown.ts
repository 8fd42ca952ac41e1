import { type Curve, DAY_MS } from './curve'

export interface DrawdownFigures {
  maxDrawdown: number | null
  maxDrawdownDays: number | null
  longestDrawdownDays: number | null
  timeUnderWater: number | null
}

/**
 * Drawdown over every point of the curve, not only over closes. It lasts from the high-water mark to the first value
 * that reaches it again, or to the end of the curve. What falls to zero or below is lost whole: -1. All are null where
 * the curve is empty or starts at or below zero.
 *
 * @see Magdon-Ismail and Atiya (2004), Maximum drawdown, Risk 17(10)
 */
export function drawdownFigures({ times, values }: Curve): DrawdownFigures {
  const length = times.length
  if (length === 0 || !((values[0] as number) > 0)) {
    return { maxDrawdown: null, maxDrawdownDays: null, longestDrawdownDays: null, timeUnderWater: null }
  }
  let mark = values[0] as number
  let markedAt = times[0] as number
  let isUnderWater = false
  let wentUnderAt = 0
  let deepest = 0
  let deepestMarkedAt = Number.NaN
  let deepestMs = 0
  let longestMs = 0
  let underWaterMs = 0
  const surface = (at: number) => {
    const lasted = at - markedAt
    underWaterMs += at - wentUnderAt
    if (lasted > longestMs) longestMs = lasted
    if (deepestMarkedAt === markedAt) deepestMs = lasted
    isUnderWater = false
  }

  for (let index = 1; index < length; index++) {
    const value = values[index] as number
    if (value >= mark) {
      if (isUnderWater) surface(times[index] as number)
      mark = value
      markedAt = times[index] as number
      continue
    }
    if (!isUnderWater) {
      isUnderWater = true
      wentUnderAt = times[index] as number
    }
    const depth = value / mark - 1
    if (depth < deepest) {
      deepest = depth
      deepestMarkedAt = markedAt
    }
  }
  const end = times[length - 1] as number
  if (isUnderWater) surface(end)
  const span = end - (times[0] as number)
  return {
    maxDrawdown: Math.max(deepest, -1),
    maxDrawdownDays: deepestMs / DAY_MS,
    longestDrawdownDays: longestMs / DAY_MS,
    timeUnderWater: span > 0 ? underWaterMs / span : null,
  }
}
