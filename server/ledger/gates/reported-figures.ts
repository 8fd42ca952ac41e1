import type { GateEvidence } from '../../../contracts/gates'
import type { MetricId } from '../../../contracts/metrics'
import type { Row } from '../../db/select'
import { isObject, json } from '../columns'

/** A script has to state one of each of these before its figures can be said to agree: what it earned, what it risked. */
const JUDGED: readonly (readonly MetricId[])[] = [['sharpe_ratio', 'total_return'], ['max_drawdown']]

type Reported = NonNullable<NonNullable<GateEvidence['backtest']>['reported']>

/** How many figures a script sent along with its run, and how many of them are ours; null where it sent none. */
export function reportedFigures(run: Row): Reported | null {
  const sent = Object.keys(json(run.reported_metrics, isObject, {})).length
  return sent === 0 ? null : { sent, agreed: sent - Number(run.difference_count) }
}

/** Whether a script's figures are ours. Too few of them to say so are no agreement: only one that differs is told. */
export function figuresAgree(run: Row): boolean | null {
  const sent = json(run.reported_metrics, isObject, {})
  if (Number(run.difference_count) > 0) return false
  return JUDGED.every((metrics) => metrics.some((metric) => metric in sent)) ? true : null
}
