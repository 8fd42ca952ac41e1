import type { FigureDifference, MetricFigures, MetricId } from '../../../contracts/metrics'
import { agrees } from '../../quant/agreement'

/** Where a script's own figures differ from ours beyond rounding. */
export function findDifferences(
  ours: MetricFigures,
  theirs: Partial<Record<MetricId, number | undefined>>,
): FigureDifference[] {
  return Object.entries(theirs).flatMap(([name, sent]) => {
    const metric = name as MetricId
    const own = ours[metric] ?? null
    return sent === undefined || agrees(own, sent) ? [] : [{ metric, ours: own, theirs: sent }]
  })
}
