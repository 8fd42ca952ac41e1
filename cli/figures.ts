import { METRICS } from '../contracts/metric-catalogue'
import type { MetricFigures, MetricId } from '../contracts/metrics'

const DASH = '–'

export const percent = (fraction: number | null | undefined): string =>
  fraction == null ? DASH : `${(fraction * 100).toFixed(2)} %`
export const ratio = (value: number | null | undefined): string => (value == null ? DASH : value.toFixed(2))

/** A metric in its unit; a dash where it is undefined. */
export function figure(id: MetricId, value: number | null | undefined): string {
  if (value == null) return DASH
  const unit = METRICS.find((metric) => metric.id === id)?.unit
  if (unit === 'fraction') return percent(value)
  return unit === 'ratio' ? ratio(value) : String(Math.round(value * 100) / 100)
}

/** Every metric by its name. */
export function figureRows(figures: MetricFigures): string[][] {
  return METRICS.map(({ id, label }) => [label, figure(id, figures[id])])
}
