import { z } from 'zod'
import { figureDifference, metricId, metrics, metricTrials } from './metrics'
import { nextCursor, paging, total } from './paging'
import { line, prose, recordedId } from './text'

export const POINTS_MAX = 1_000_000
export const TRADES_MAX = 1_000_000
export const COMPARE_MAX = 10

export const backtestStatus = z.enum(['pending', 'running', 'completed', 'failed'])
export type BacktestStatus = z.infer<typeof backtestStatus>

/**
 * Held against the first completed run of the same strategy with the same fingerprint: this is the first one, it gave the
 * same curve and trades, or it gave different ones.
 */
export const reproducibility = z.enum(['first', 'same', 'different'])
export type Reproducibility = z.infer<typeof reproducibility>

const instrument = line('an instrument', 64)
const fingerprint = z
  .string()
  .trim()
  .regex(/^[!-~]{8,128}$/, 'A fingerprint has 8 to 128 visible characters, for example a SHA-256 in hexadecimal.')
const reported = z.partialRecord(metricId, z.number()) // the script's own figures, by our names and units

/** What a run is computed from and how; all of it but the strategy may be left out. */
const inputs = {
  strategy_id: recordedId,
  strategy_version: z.int().positive().optional(), // the newest where it is missing
  label: line('a label', 200).optional(),
  start_date: z.iso.date().optional(), // told from the curve where they are missing
  end_date: z.iso.date().optional(),
  initial_capital: z.number().positive().max(1e15).optional(), // the first equity value where it is missing
  currency: z
    .string()
    .trim()
    .regex(/^[A-Z]{3,5}$/, 'A currency is a code such as USD.')
    .default('USD'),
  instruments: z.array(instrument).max(1_000, 'A run names at most 1,000 instruments.').default([]),
  seed: z.int().min(-2_147_483_648).max(2_147_483_647).nullable().default(null),
  data_source: line('where the data came from', 500).default('default'),
  data_fingerprint: fingerprint.nullable().default(null), // of the data, for example a SHA-256
  engine: line('the engine', 100).nullable().default(null),
  engine_version: line('the version of the engine', 100).nullable().default(null),
  code_revision: line('the revision of the code', 100).nullable().default(null),
}

/** How the figures are to be computed; runs that were recorded before there were bounds may have others. */
const scoring = {
  periods_per_year: z.number().positive().max(1e9).optional(), // told from the curve's spacing where it is missing; at most twice that
  risk_free_rate: z.number().gt(-1).max(10).optional(), // per year, fraction
  day_start_minutes: z.int().min(-1_439).max(1_439).optional(), // when a trading day starts, minutes after midnight UTC
  // Runs that were tried, where there are more than the completed runs of the strategy, or where those vary more.
  trials: z
    .strictObject({
      count: z.int().min(1).max(1e9), // this one included
      sharpe_variance: z.number().nonnegative().nullable(), // among their annualised Sharpe ratios
    })
    .optional(),
}

const inOrder = ({ start_date, end_date }: { start_date?: string | undefined; end_date?: string | undefined }) =>
  start_date === undefined || end_date === undefined || start_date <= end_date
const ORDER = { message: 'A run ends no earlier than it starts.', path: ['end_date'] }

/** A rate that makes a figure better than any market would is none: the bounds are those of rates that there have been. */
const asked = { ...scoring, risk_free_rate: z.number().min(-0.05).max(0.5).optional() }

/** Starts a run whose points and trades follow. */
export const newBacktest = z
  .object({
    ...inputs,
    ...asked,
    expected_points: z.int().positive().max(POINTS_MAX).optional(), // what progress is told from
  })
  .refine(inOrder, ORDER)
export type NewBacktest = z.infer<typeof newBacktest>

/** The members of a finished run beside its arrays `equity` and `trades`, which are read row by row. */
export const finishedBacktest = z
  .object({ ...inputs, ...asked, reported_metrics: reported.optional() })
  .refine(inOrder, ORDER)
export type FinishedBacktest = z.infer<typeof finishedBacktest>

const equityRow = z.union([
  z.strictObject({ time: z.union([z.iso.datetime({ offset: true }), z.iso.date(), z.number()]), equity: z.number() }),
  z.tuple([z.union([z.string(), z.number()]), z.number()]),
])
const tradeRow = z.strictObject({
  instrument,
  side: z.enum(['long', 'short']).optional(), // a negative quantity is short where it is missing
  quantity: z.number(),
  entry_at: z.string(),
  exit_at: z.string(),
  entry_price: z.number(),
  exit_price: z.number(),
  commission: z.number().optional(), // account currency, both fills
  profit: z.number().optional(), // account currency, after costs; computed where it is missing
})

/** A finished run in one body, as it is documented; the server reads it as a stream. */
export const recordedBacktest = z.object({
  ...inputs,
  ...asked,
  reported_metrics: reported.optional(),
  equity: z.array(equityRow), // oldest first; at most 1,000,000
  trades: z.array(tradeRow).optional(), // an empty list says that there were none; without it they are unknown
})

export const equityRows = z.array(equityRow)
export const tradeRows = z.array(tradeRow)

/** Where a batch begins: how many rows of its kind come before it. A batch that is sent again changes nothing. */
export const batchQuery = z.strictObject({
  offset: z.coerce.number('An offset is a whole number.').int().min(0).max(POINTS_MAX),
})

/** How far a run has come; resume with what follows after so many rows. */
export const runProgress = z.strictObject({
  id: z.string(),
  status: backtestStatus,
  point_count: z.int().nonnegative(),
  trade_count: z.int().nonnegative(),
  progress: z.number().min(0).max(1).nullable(), // fraction; null where nobody said what to expect
})
export type RunProgress = z.infer<typeof runProgress>

export const backtestProgress = z.object({ progress: z.number().min(0).max(1) })
export type BacktestProgress = z.infer<typeof backtestProgress>

/** Ends a run. Counts guard against a batch that got lost on the way. */
export const backtestCompletion = z.object({
  point_count: z.int().nonnegative().optional(),
  trade_count: z.int().nonnegative().optional(),
  reported_metrics: reported.optional(),
})
export type BacktestCompletion = z.infer<typeof backtestCompletion>

export const backtestFailure = z.object({ reason: prose(4_000).pipe(z.string().min(1, 'Say why the run failed.')) })
export type BacktestFailure = z.infer<typeof backtestFailure>

const figure = z.number().nullable()

/** A run as lists show it. */
export const backtest = z.strictObject({
  id: z.string(),
  strategy_id: z.string(),
  strategy_name: z.string(),
  strategy_version: z.int().positive(),
  workspace_id: z.string(),
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  label: z.string().nullable(),
  status: backtestStatus,
  error_message: z.string().nullable(),
  progress: z.number().min(0).max(1).nullable(),
  start_date: z.iso.date().nullable(), // null: neither told nor yet to be seen in the curve
  end_date: z.iso.date().nullable(),
  initial_capital: z.number().nullable(),
  currency: z.string(),
  instruments: z.array(z.string()),
  seed: z.int().nullable(),
  data_source: z.string(),
  data_fingerprint: z.string().nullable(),
  engine: z.string().nullable(),
  engine_version: z.string().nullable(),
  code_revision: z.string().nullable(),
  point_count: z.int().nonnegative(),
  trade_count: z.int().nonnegative(),
  has_trade_list: z.boolean(), // trades were sent, if only an empty list; else nothing is known about them
  fingerprint: z.string().nullable(), // SHA-256 of the inputs; null for a run of another system
  result_hash: z.string().nullable(), // SHA-256 of curve and trades, once completed
  reproducibility: reproducibility.nullable(),
  first_run_id: z.string().nullable(), // the run that `same` and `different` refer to
  difference_count: z.int().nonnegative(), // of the script's own figures that differ from ours
  total_return: figure,
  cagr: figure,
  volatility: figure,
  sharpe_ratio: figure,
  max_drawdown: figure,
  created_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(), // also when it failed
  duration_seconds: z.number().nullable(),
})
export type Backtest = z.infer<typeof backtest>

export const backtestDetail = backtest.extend({
  parameters: z.record(z.string(), z.unknown()), // of the strategy version
  metrics: metrics.nullable(),
  reported_metrics: reported.nullable(),
  differences: z.array(figureDifference),
  /** The run among all trials of its strategy by now, as a gate sees it; null where it is not completed. */
  selection: z.strictObject({ trials: metricTrials, deflated_sharpe_ratio: figure }).nullable(),
  scoring: z.strictObject(scoring),
})
export type BacktestDetail = z.infer<typeof backtestDetail>

export const backtestList = z.strictObject({ backtests: z.array(backtest), total, next_cursor: nextCursor })
export type BacktestList = z.infer<typeof backtestList>

export const backtestQuery = z.strictObject({
  ...paging,
  strategy_id: z.string().max(64).optional(),
  strategy_version: z.coerce.number().int().positive().optional(),
  status: backtestStatus.optional(),
  workspace_id: z.string().max(64).optional(),
  sort: z.enum(['-created_at', 'created_at']).default('-created_at'),
})
export type BacktestQuery = z.infer<typeof backtestQuery>

/** Which stretch of a curve, in how many points. Times in ms UTC. */
export const curveQuery = z.strictObject({
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  points: z.coerce.number().int().min(16).max(20_000).default(2_000),
})
export type CurveQuery = z.infer<typeof curveQuery>

/**
 * Columns of a curve: peaks are kept, nothing is averaged. With `Accept: application/octet-stream` the answer is the same
 * as Float64, little-endian: all times, then all values.
 */
export const curve = z.strictObject({
  point_count: z.int().nonnegative(), // of the whole curve
  times: z.array(z.number()), // ms UTC
  values: z.array(z.number()), // account currency
})
export type CurveReply = z.infer<typeof curve>

/** How many returns each figure of the rolling Sharpe ratio looks back on. */
export const returnsQuery = z.strictObject({ window: z.coerce.number().int().min(2).max(2_520).default(63) })
export type ReturnsQuery = z.infer<typeof returnsQuery>

/** The returns of a run, one for each period that has a value. */
export const returnsReply = z.strictObject({
  return_count: z.int().nonnegative(),
  histogram: z.strictObject({
    edges: z.array(z.number()), // fractions, increasing, one more than counts
    counts: z.array(z.int().nonnegative()),
  }),
  rolling_sharpe: z.strictObject({
    window: z.int(),
    times: z.array(z.number()), // ms UTC, the last day that each looks back on
    values: z.array(figure), // annualised
  }),
})
export type ReturnsReply = z.infer<typeof returnsReply>

export const trade = z.strictObject({
  index: z.int().nonnegative(), // in the order of recording
  instrument: z.string(),
  quantity: z.number(), // negative: short
  entry_at: z.iso.datetime(),
  exit_at: z.iso.datetime(),
  entry_price: z.number(),
  exit_price: z.number(),
  commission: z.number(),
  profit: z.number(),
})
export type Trade = z.infer<typeof trade>

export const tradeList = z.strictObject({ trades: z.array(trade), total, next_cursor: nextCursor })
export type TradeList = z.infer<typeof tradeList>

export const tradeSort = z.enum([
  'index',
  ...(['entry_at', 'exit_at', 'quantity', 'profit', 'instrument'] as const),
  ...(['-index', '-entry_at', '-exit_at', '-quantity', '-profit', '-instrument'] as const),
])
export type TradeSort = z.infer<typeof tradeSort>
export const tradeQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: paging.cursor,
  sort: tradeSort.default('index'),
})
export type TradeQuery = z.infer<typeof tradeQuery>

export const compareQuery = z.strictObject({
  ids: z
    .string('Name the runs to compare: ids=a,b.')
    .transform((ids) => [...new Set(ids.split(',').filter(Boolean))])
    .pipe(z.array(z.string().max(64)).min(1).max(COMPARE_MAX, `At most ${COMPARE_MAX} runs are compared at once.`)),
})

export const comparison = z.strictObject({
  backtests: z.array(backtestDetail), // in the order asked for
  /** Parameters and inputs that are not the same for all, by name, with a value for each run in that order. */
  differing: z.array(z.strictObject({ name: z.string(), values: z.array(z.unknown()) })),
})
export type Comparison = z.infer<typeof comparison>

export const backtestParams = z.object({ id: recordedId })
