import type { Metrics, MetricTrials } from '../../../contracts/metrics'
import { deflatedSharpe, type TrialSummary, toTrials } from '../../quant/significance'
import { isObject, json } from '../columns'

/** What a script says of its trials, as part of how a run is to be scored. */
type Stated = { count: number; sharpe_variance: number | null } | undefined

export function statedTrials(scoring: unknown): Stated {
  return json(scoring, isObject, {}).trials as Stated
}

/** The trials there were, as the ledger counts them; a script may state more of them or more variance, never less. */
export function trialsFor(stated: Stated, counted: TrialSummary): MetricTrials {
  const { count, sharpeVariance } = toTrials(counted)
  const variances = [sharpeVariance, stated?.sharpe_variance ?? null].filter((variance) => variance !== null)
  const isStated = stated !== undefined && stated.count > count
  return {
    count: isStated ? stated.count : count,
    sharpe_variance: variances.length > 0 ? Math.max(...variances) : null,
    source: isStated ? 'stated' : 'runs',
  }
}

/** The deflated Sharpe ratio of a scored run against these trials; null where it is undefined. */
export function deflate({ figures, basis }: Metrics, { count, sharpe_variance }: MetricTrials): number | null {
  const { sharpe_ratio, skewness, excess_kurtosis, return_count } = figures
  if (sharpe_ratio === null || skewness === null || excess_kurtosis === null || return_count === null) return null
  const { periods_per_year: periodsPerYear } = basis
  const sharpe = sharpe_ratio / Math.sqrt(periodsPerYear)
  const sample = { sharpe, count: return_count, skewness, excessKurtosis: excess_kurtosis }
  return deflatedSharpe(sample, { count, sharpeVariance: sharpe_variance }, periodsPerYear)
}

/** The same metrics, held against trials. */
export function withTrials(metrics: Metrics, trials: MetricTrials): Metrics {
  return {
    ...metrics,
    figures: { ...metrics.figures, deflated_sharpe_ratio: deflate(metrics, trials) },
    basis: { ...metrics.basis, trials },
  }
}
