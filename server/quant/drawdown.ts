import { type Curve, DAY_MS } from './curve'

/** A fall below a high, until it is reached again or the curve ends. */
export interface Drawdown {
  /** Time of the high-water mark, ms UTC. */
  highAt: number
  lowAt: number
  /** The first time at which the mark is reached again; null where the curve ends below it. */
  recoveredAt: number | null
  /** Lowest value ÷ mark − 1, at least −1. */
  depth: number
  /** From the high to the recovery, or to the end of the curve. */
  days: number
}

export interface DrawdownFigures {
  maxDrawdown: number | null
  maxDrawdownDays: number | null
  longestDrawdownDays: number | null
  timeUnderWater: number | null
}

/**
 * Drawdown over every point of the curve, not only over closes. What falls to zero or below is lost whole: -1. All are
 * null where the curve is empty or starts at or below zero.
 *
 * @see Magdon-Ismail and Atiya (2004), Maximum drawdown, Risk 17(10)
 */
export function drawdownFigures(curve: Curve): DrawdownFigures {
  const { times, values } = curve
  if (times.length === 0 || !((values[0] as number) > 0)) {
    return { maxDrawdown: null, maxDrawdownDays: null, longestDrawdownDays: null, timeUnderWater: null }
  }
  const figures = { maxDrawdown: 0, maxDrawdownDays: 0, longestDrawdownDays: 0 }
  let underWaterMs = 0
  eachDrawdown(curve, (drawdown, ms) => {
    underWaterMs += ms
    figures.longestDrawdownDays = Math.max(figures.longestDrawdownDays, drawdown.days)
    if (drawdown.depth < figures.maxDrawdown) {
      figures.maxDrawdown = drawdown.depth
      figures.maxDrawdownDays = drawdown.days
    }
  })
  const span = (times[times.length - 1] as number) - (times[0] as number)
  return { ...figures, timeUnderWater: span > 0 ? underWaterMs / span : null }
}

/** The deepest drawdowns of a curve, deepest first, earlier before later; none where it starts at or below zero. */
export function drawdownTable(curve: Curve, most = 10): Drawdown[] {
  const deepest: Drawdown[] = []
  eachDrawdown(curve, (drawdown) => {
    if (deepest.length === most && drawdown.depth >= (deepest[most - 1]?.depth ?? 0)) return
    const at = deepest.findIndex(({ depth }) => drawdown.depth < depth)
    deepest.splice(at < 0 ? deepest.length : at, 0, drawdown)
    deepest.length = Math.min(deepest.length, most)
  })
  return deepest
}

/** The drawdown at every point, as a curve to be drawn below that of equity; nothing where there is no drawdown. */
export function underWater({ times, values }: Curve): Curve {
  const depths = new Float64Array(values.length)
  if (!((values[0] ?? 0) > 0)) return { times: new Float64Array(), values: new Float64Array() }
  let mark = 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (value > mark) mark = value
    depths[index] = Math.max(value / mark - 1, -1)
  }
  return { times: times.slice(), values: depths }
}

/** @param visit gets each drawdown in order of time, and for how many ms the curve was below the mark */
function eachDrawdown({ times, values }: Curve, visit: (drawdown: Drawdown, underWaterMs: number) => void): void {
  const last = times.length - 1
  if (last < 0 || !((values[0] as number) > 0)) return
  let high = 0
  let low = -1
  for (let index = 1; index <= last; index++) {
    const isBack = (values[index] as number) >= (values[high] as number)
    if (!isBack && (low < 0 || (values[index] as number) < (values[low] as number))) low = index
    if (low >= 0 && (isBack || index === last)) {
      const [highAt, endAt] = [times[high] as number, times[index] as number]
      visit(
        {
          highAt,
          lowAt: times[low] as number,
          recoveredAt: isBack ? endAt : null,
          depth: Math.max((values[low] as number) / (values[high] as number) - 1, -1),
          days: (endAt - highAt) / DAY_MS,
        },
        // The mark is the last point of the high, so the next one is below it.
        endAt - (times[high + 1] as number),
      )
      low = -1
    }
    if (isBack) high = index
  }
}
