import { type MetricFigures, metricId, type Metrics as WireMetrics } from '../../contracts/metrics'
import type { Figures, Metrics } from '../quant/metrics'

/** Computed metrics in the names of the wire; trials are what `withTrials` adds. */
export function toMetrics({ figures, monthlyReturns, basis }: Metrics): WireMetrics {
  return {
    figures: toFigures(figures),
    monthly_returns: monthlyReturns,
    basis: {
      periods_per_year: basis.periodsPerYear,
      is_inferred: basis.isInferred,
      risk_free_rate: basis.riskFreeRate,
      day_start_minutes: basis.dayStartMinutes,
      trials: null,
    },
  }
}

function toFigures(figures: Figures): MetricFigures {
  const entries = Object.entries(figures).map(([name, figure]) => [toMetricId(name), figure])
  return Object.fromEntries(entries) as MetricFigures
}

/** sharpeRatio is sharpe_ratio, valueAtRisk95OnePeriod is value_at_risk_95_one_period. */
function toMetricId(name: string) {
  return metricId.parse(name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`))
}
