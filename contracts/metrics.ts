import { z } from 'zod'

export const metricId = z.enum([
  'total_return',
  'cagr',
  'volatility',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown',
  'max_drawdown_days',
  'longest_drawdown_days',
  'time_under_water',
  'value_at_risk_95_one_period',
  'expected_shortfall_95_one_period',
  'skewness',
  'excess_kurtosis',
  'best_day',
  'worst_day',
  'probabilistic_sharpe_ratio',
  'deflated_sharpe_ratio',
  'trade_count',
  'win_rate',
  'profit_factor',
  'average_trade',
  'turnover',
  'exposure',
  'leverage',
  'time_in_market',
  'history_days',
  'return_count',
])
export type MetricId = z.infer<typeof metricId>

/** A finite number in the unit that the catalogue gives, or null where the metric is undefined: never 0 in its place. */
export const metricFigures = z.record(metricId, z.number().nullable())
export type MetricFigures = z.infer<typeof metricFigures>

export const monthlyReturn = z.strictObject({
  year: z.int(),
  month: z.int().min(1).max(12),
  return: z.number().nullable(), // fraction; null for a month without a value
})
export type MonthlyReturn = z.infer<typeof monthlyReturn>

/** The runs that were tried, which one result was chosen from. */
export const metricTrials = z.strictObject({
  count: z.int().min(1), // this one included
  sharpe_variance: z.number().nonnegative().nullable(), // among their annualised Sharpe ratios
  /** `runs`: the strategy's completed runs, counted; `stated`: the script says that there were more. */
  source: z.enum(['runs', 'stated']).default('stated'),
})
export type MetricTrials = z.infer<typeof metricTrials>

/** What the figures were computed with; equal curve, trades and basis give equal figures. */
export const metricBasis = z.strictObject({
  periods_per_year: z.number().positive(),
  is_inferred: z.boolean(), // told from the spacing of the curve instead of being given
  risk_free_rate: z.number().gt(-1), // per year, fraction
  day_start_minutes: z.int(), // when a trading day starts, minutes after midnight UTC
  trials: metricTrials.nullable(), // as they were when the run was completed
})
export type MetricBasis = z.infer<typeof metricBasis>

export const metrics = z.strictObject({
  figures: metricFigures,
  monthly_returns: z.array(monthlyReturn), // oldest first
  basis: metricBasis,
})
export type Metrics = z.infer<typeof metrics>

/** A figure of the script's own against ours. */
export const figureDifference = z.strictObject({
  metric: metricId,
  ours: z.number().nullable(),
  theirs: z.number(),
})
export type FigureDifference = z.infer<typeof figureDifference>

export const metricDefinition = z.strictObject({
  id: metricId,
  label: z.string(),
  unit: z.enum(['fraction', 'ratio', 'probability', 'days', 'currency', 'count', 'per_year']),
  higher_is_better: z.boolean().nullable(), // null: neither, it describes
  formula: z.string(),
  undefined_when: z.string().nullable(), // what makes it null; null: always defined
  source: z.string(),
})
export type MetricDefinition = z.infer<typeof metricDefinition>
