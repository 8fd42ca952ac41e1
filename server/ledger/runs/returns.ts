import type { ReturnsQuery, ReturnsReply } from '../../../contracts/backtests'
import type { Principal } from '../../auth/principal'
import { isObject, json } from '../columns'
import type { Runs } from './runs'
import type { Scorer } from './scorer'
import type { Segments } from './segments'

export type Returns = ReturnType<typeof createReturns>

/** The returns of a run as charts show them. A running run answers what it has. */
export function createReturns(runs: Runs, segments: Segments, scorer: Scorer) {
  return async (principal: Principal, id: string, { window }: ReturnsQuery): Promise<ReturnsReply> => {
    const run = await runs.get(principal, id, 'viewer', 'id, point_count, scoring')
    const parts = await segments.readBytes(id, 'points', { from: 0, to: Number(run.point_count) })
    const scoring = json(run.scoring, isObject, {})
    const { returnCount, histogram, rollingSharpe } = await scorer.returns({
      points: parts.map(({ bytes }) => bytes),
      window,
      periodsPerYear: scoring.periods_per_year as number | undefined,
      riskFreeRate: scoring.risk_free_rate as number | undefined,
      dayStartMinutes: scoring.day_start_minutes as number | undefined,
    })
    return { return_count: returnCount, histogram, rolling_sharpe: { window, ...rollingSharpe } }
  }
}
