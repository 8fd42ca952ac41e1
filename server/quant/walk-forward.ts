import { type Curve, DAY_MS, firstAtOrAfter } from './curve'
import { computeMetrics, type Figures } from './metrics'
import { inferPeriodsPerYear, toPeriods } from './periods'

/** How a curve is cut. All lengths are calendar days. */
export interface WindowPlan {
  /** Rolling: the in-sample span keeps its length and moves; anchored: it keeps its start and grows. */
  kind: 'rolling' | 'anchored'
  /** Length of the in-sample span, of the first one where they grow. */
  inSampleDays: number
  outOfSampleDays: number
  /** Days dropped between the two spans, against leakage. */
  embargoDays: number
  /** From one window to the next; the length of the out-of-sample span where it is not given. */
  stepDays?: number | undefined
}

/** Day numbers since 1970-01-01, both inclusive. */
export interface Span {
  firstDay: number
  lastDay: number
}

export interface WindowSpans {
  inSample: Span
  outOfSample: Span
}

export interface WindowFigures extends WindowSpans {
  inSampleFigures: Figures
  outOfSampleFigures: Figures
  /** 1 − out-of-sample Sharpe ÷ in-sample Sharpe; null where one is undefined or the latter is not above 0. */
  degradation: number | null
}

export interface WalkForwardOptions {
  periodsPerYear?: number | undefined
  riskFreeRate?: number | undefined
  dayStartMinutes?: number | undefined
}

const MOST_WINDOWS = 500

/**
 * The windows that fit between two days, oldest first; a last one that would be cut short is left out.
 *
 * @throws {RangeError} lengths that are not whole days of at least one (the embargo: zero), or more than 500 windows
 */
export function planWindows({ firstDay, lastDay }: Span, plan: WindowPlan): WindowSpans[] {
  const { kind, inSampleDays, outOfSampleDays, embargoDays, stepDays = outOfSampleDays } = plan
  for (const days of [inSampleDays, outOfSampleDays, stepDays]) {
    if (!Number.isInteger(days) || days < 1) throw new RangeError('A span or a step is one whole day or more.')
  }
  if (!Number.isInteger(embargoDays) || embargoDays < 0) throw new RangeError('An embargo is zero or more whole days.')

  const windows: WindowSpans[] = []
  for (let moved = 0; ; moved += stepDays) {
    const inSampleEnd = firstDay + moved + inSampleDays - 1
    const start = inSampleEnd + embargoDays + 1
    const outOfSample = { firstDay: start, lastDay: start + outOfSampleDays - 1 }
    if (outOfSample.lastDay > lastDay) return windows
    if (windows.length === MOST_WINDOWS) throw new RangeError(`There would be more than ${MOST_WINDOWS} windows.`)
    windows.push({
      inSample: { firstDay: kind === 'rolling' ? firstDay + moved : firstDay, lastDay: inSampleEnd },
      outOfSample,
    })
  }
}

/** Cuts a recorded curve into windows and scores both spans of each, all with the same number of periods per year. */
export function walkForward(curve: Curve, plan: WindowPlan, options: WalkForwardOptions = {}): WindowFigures[] {
  if (curve.times.length === 0) return []
  const { dayStartMinutes = 0 } = options
  const periodsPerYear = options.periodsPerYear ?? inferPeriodsPerYear(toPeriods(curve, dayStartMinutes))
  const days = curve.times.map((time) => Math.floor((time - dayStartMinutes * 60_000) / DAY_MS))
  const score = (span: Span) =>
    computeMetrics(cut(curve, days, span), { ...options, dayStartMinutes, periodsPerYear }).figures
  const whole = { firstDay: days[0] as number, lastDay: days[days.length - 1] as number }
  return planWindows(whole, plan).map(({ inSample, outOfSample }) => {
    const inSampleFigures = score(inSample)
    const outOfSampleFigures = score(outOfSample)
    return {
      ...{ inSample, outOfSample, inSampleFigures, outOfSampleFigures },
      degradation: degradation(inSampleFigures.sharpeRatio, outOfSampleFigures.sharpeRatio),
    }
  })
}

/** 1 − out-of-sample ÷ in-sample Sharpe ratio; positive is worse. */
export function degradation(inSample: number | null, outOfSample: number | null): number | null {
  return inSample === null || outOfSample === null || !(inSample > 0) ? null : 1 - outOfSample / inSample
}

/** The points of a span and the last one before it, which its first return starts from. */
function cut({ times, values }: Curve, days: Float64Array, { firstDay, lastDay }: Span): Curve {
  const from = firstAtOrAfter(days, firstDay)
  const to = firstAtOrAfter(days, lastDay + 1, from)
  const start = from > 0 && to > from ? from - 1 : from
  return { times: times.subarray(start, to), values: values.subarray(start, to) }
}
