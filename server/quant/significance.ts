import cdf from '@stdlib/stats-base-dists-normal-cdf'
import quantile from '@stdlib/stats-base-dists-normal-quantile'

/** What was tried before this run was chosen. */
export interface Trials {
  /** Number of runs tried, this one included; 1 or more. */
  count: number
  /** Sample variance of their annualised Sharpe ratios; null where fewer than two are known. */
  sharpeVariance: number | null
}

/** The annualised Sharpe ratios of trials, summed up so that another one can be added. */
export interface TrialSummary {
  count: number
  /** How many of them have a Sharpe ratio. */
  known: number
  mean: number
  /** Sum of the squared distances from the mean. */
  squares: number
}

/** @see Welford (1962), Note on a method for calculating corrected sums of squares and products, Technometrics 4(3) */
export function addTrial({ count, known, mean, squares }: TrialSummary, sharpe: number | null): TrialSummary {
  if (sharpe === null) return { count: count + 1, known, mean, squares }
  const moved = mean + (sharpe - mean) / (known + 1)
  return { count: count + 1, known: known + 1, mean: moved, squares: squares + (sharpe - mean) * (sharpe - moved) }
}

export function toTrials({ count, known, squares }: TrialSummary): Trials {
  return { count, sharpeVariance: known < 2 ? null : squares / (known - 1) }
}

export interface Sample {
  /** Sharpe ratio per period, not annualised. */
  sharpe: number
  /** Number of returns. */
  count: number
  skewness: number
  excessKurtosis: number
}

const EULER_MASCHERONI = 0.577_215_664_901_532_9

/**
 * The probability that the true Sharpe ratio exceeds a benchmark, both per period.
 *
 * @returns null where the ratio has no standard error: its variance comes out as zero or below
 * @see Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2)
 */
export function probabilisticSharpe({ sharpe, count, skewness, excessKurtosis }: Sample, benchmark = 0): number | null {
  const variance = 1 - skewness * sharpe + ((excessKurtosis + 2) / 4) * sharpe ** 2
  if (!(variance > 0) || count < 2) return null
  return cdf(((sharpe - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(variance), 0, 1)
}

/**
 * The probabilistic Sharpe ratio against the best ratio that so many trials without skill would have shown.
 *
 * @returns null where the variance among two or more trials is not known
 * @see Bailey and López de Prado (2014), The deflated Sharpe ratio, Journal of Portfolio Management 40(5)
 */
export function deflatedSharpe(sample: Sample, trials: Trials, periodsPerYear: number): number | null {
  const benchmark = expectedBest(trials)
  return benchmark === null ? null : probabilisticSharpe(sample, benchmark / Math.sqrt(periodsPerYear))
}

/** Expected maximum of the annualised Sharpe ratios of that many trials without skill; one trial is no selection. */
export function expectedBest({ count, sharpeVariance }: Trials): number | null {
  if (!(count >= 1)) throw new RangeError('There is at least one trial: the run itself.')
  if (count === 1) return 0
  if (sharpeVariance === null) return null
  const ofOne = quantile(1 - 1 / count, 0, 1)
  const ofE = quantile(1 - 1 / (count * Math.E), 0, 1)
  return Math.sqrt(sharpeVariance) * ((1 - EULER_MASCHERONI) * ofOne + EULER_MASCHERONI * ofE)
}
