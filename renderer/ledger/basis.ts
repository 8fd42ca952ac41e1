import type { MetricBasis, MetricTrials } from '../../contracts/metrics'
import { count, percent } from './format'

type Chosen = Omit<MetricBasis, 'trials'>

/** What figures were computed with, in a line for people. */
export function basisText(basis: Chosen, trials: MetricTrials | null): string {
  const { periods_per_year, is_inferred, risk_free_rate, day_start_minutes } = basis
  return [
    `${count(periods_per_year)} periods a year (${is_inferred ? 'told from the curve' : 'stated by the script'})`,
    `risk-free rate ${percent(risk_free_rate)}`,
    ...(day_start_minutes === 0 ? [] : [`days start ${day_start_minutes} min from midnight UTC`]),
    ...(trials ? [`${count(trials.count)} ${trials.count === 1 ? 'trial' : 'trials'}`] : []),
  ].join(', ')
}
