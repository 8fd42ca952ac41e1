import {
  type FigureDifference,
  type MetricFigures,
  type MetricId,
  metricId,
  type Metrics as WireMetrics,
} from '../../contracts/metrics'
import { agrees } from '../quant/agreement'
import type { Figures, Metrics } from '../quant/metrics'

/** Computed metrics in the names of the wire. */
export function toMetrics({ figures, monthlyReturns, basis }: Metrics): WireMetrics {
  return {
    figures: toFigures(figures),
    monthly_returns: monthlyReturns,
    basis: {
      periods_per_year: basis.periodsPerYear,
      is_inferred: basis.isInferred,
      risk_free_rate: basis.riskFreeRate,
      day_start_minutes: basis.dayStartMinutes,
      trials: basis.trials && { count: basis.trials.count, sharpe_variance: basis.trials.sharpeVariance },
    },
  }
}

/** Which of a script's own figures are not ours, beyond their rounding. What it did not send is not compared. */
export function differences(ours: MetricFigures, theirs: Partial<Record<MetricId, number>>): FigureDifference[] {
  return metricId.options.flatMap((metric) => {
    const figure = theirs[metric]
    return figure === undefined || agrees(ours[metric], figure) ? [] : [{ metric, ours: ours[metric], theirs: figure }]
  })
}

function toFigures(figures: Figures): MetricFigures {
  const entries = Object.entries(figures).map(([name, figure]) => [toMetricId(name), figure])
  return Object.fromEntries(entries) as MetricFigures
}

/** sharpeRatio is sharpe_ratio, valueAtRisk95OnePeriod is value_at_risk_95_one_period. */
function toMetricId(name: string) {
  return metricId.parse(name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`))
}
