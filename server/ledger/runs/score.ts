import type { Metrics } from '../../../contracts/metrics'
import { decodeCurves, encodeCurve } from '../../quant/codec'
import type { Curve } from '../../quant/curve'
import { computeMetrics, type MetricOptions } from '../../quant/metrics'
import { inferPeriodsPerYear, toPeriods } from '../../quant/periods'
import { preview } from '../../quant/preview'
import { toMetrics } from '../metric-figures'
import { resultHash } from './result-hash'
import { curveSegment, SEGMENT_POINTS, SEGMENT_TRADES, type Segment, tradeSegment } from './segments'
import { columnsOf, decodeTrades, joinTrades, sliceTrades } from './trade-codec'

const PREVIEW_POINTS = 2_000

export interface ScoreTask {
  /** Encoded segments, oldest first. */
  points: Uint8Array[]
  /** Null where none were sent, not even an empty list: then nothing is known about them. */
  trades: Uint8Array[] | null
  options: Omit<MetricOptions, 'trades' | 'trials'>
  /** Whether the rows are to be cut into full segments. */
  repack: { points: boolean; trades: boolean }
}

export interface Score {
  /** Without trials, which are the ledger's to count. */
  metrics: Metrics
  preview: Uint8Array
  /** SHA-256 of all points and trades: equal results, equal hash, however they were sent. */
  resultHash: string
  first: { time: number; value: number }
  lastTime: number
  points: Segment[] | null
  trades: Segment[] | null
}

const MOST_TIMES_INFERRED = 2

/** More periods than the curve has would make every yearly figure better than it is. */
function requireSensiblePeriods(curve: Curve, { periodsPerYear, dayStartMinutes = 0 }: ScoreTask['options']): void {
  if (periodsPerYear === undefined) return
  const inferred = inferPeriodsPerYear(toPeriods(curve, dayStartMinutes))
  if (periodsPerYear <= MOST_TIMES_INFERRED * inferred) return
  throw new RangeError(
    `The steps of this curve are ${inferred} a year, and periods_per_year says ${periodsPerYear}: record the run without it, or with at most ${MOST_TIMES_INFERRED * inferred}.`,
  )
}

/** Everything that is computed when a run is complete. Pure, and long for long runs: see `scorer`. */
export function score({ points, trades, options, repack }: ScoreTask): Score {
  const curve = decodeCurves(points)
  const batch = trades && joinTrades(trades.map(decodeTrades))
  requireSensiblePeriods(curve, options)
  const metrics = toMetrics(computeMetrics(curve, { ...options, trades: batch ? columnsOf(batch) : undefined }))
  const { length } = curve.times
  return {
    metrics,
    preview: encodeCurve(preview(curve, PREVIEW_POINTS)),
    resultHash: resultHash(curve, batch),
    first: { time: curve.times[0] as number, value: curve.values[0] as number },
    lastTime: curve.times[length - 1] as number,
    points: repack.points
      ? cut(length, SEGMENT_POINTS, (from, to) =>
          curveSegment({ times: curve.times.slice(from, to), values: curve.values.slice(from, to) }),
        )
      : null,
    trades:
      batch && repack.trades
        ? cut(batch.instruments.length, SEGMENT_TRADES, (from, to) => tradeSegment(sliceTrades(batch, from, to)))
        : null,
  }
}

function cut(length: number, size: number, part: (from: number, to: number) => Segment): Segment[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => part(index * size, (index + 1) * size))
}
