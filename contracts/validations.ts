import { z } from 'zod'
import { verdict } from './gate-policy'
import { nextCursor, paging, total } from './paging'
import { recordedId } from './text'

const figure = z.number().nullable()
const days = (least: number) => z.int().min(least).max(36_500)

/** How a recorded curve is cut into windows; all lengths are calendar days. */
export const walkForwardPlan = z.object({
  kind: z.enum(['rolling', 'anchored']),
  in_sample_days: days(1), // of the first window where they are anchored
  out_of_sample_days: days(1),
  embargo_days: days(0).default(0), // dropped between the two spans, against leakage
  step_days: days(1).optional(), // from one window to the next; the out-of-sample length where it is missing
})
export type WalkForwardPlan = z.infer<typeof walkForwardPlan>

/**
 * What a validation has to show; one that is not given does not count. Undefined figures are never a pass, and a rule that
 * asks for none of the figures leaves the verdict inconclusive.
 */
export const validationRule = z.object({
  min_windows: z.int().min(1).max(500).default(3),
  min_out_of_sample_sharpe: z.number().optional(),
  max_degradation: z.number().optional(), // fraction
  min_stability: z.number().min(0).max(1).optional(), // share of windows with an out-of-sample Sharpe above 0
})
export type ValidationRule = z.infer<typeof validationRule>

const span = z.strictObject({
  start_date: z.iso.date(), // both inclusive
  end_date: z.iso.date(),
  sharpe_ratio: figure,
  total_return: figure,
  max_drawdown: figure,
})
export type ValidationSpan = z.infer<typeof span>

export const validationWindow = z.strictObject({
  in_sample: span,
  out_of_sample: span,
  degradation: figure, // 1 − out-of-sample ÷ in-sample Sharpe
})
export type ValidationWindow = z.infer<typeof validationWindow>

const postedSpan = z
  .object({
    start_date: z.iso.date(),
    end_date: z.iso.date(),
    sharpe_ratio: figure,
    total_return: figure.default(null),
    max_drawdown: figure.default(null),
  })
  .refine(({ start_date, end_date }) => start_date <= end_date, 'A span ends no earlier than it starts.')

/** A walk-forward run of a script's own: it optimised in each window, which the server cannot repeat. */
export const postedValidation = z.object({
  strategy_version: z.int().positive().optional(), // the newest where it is missing
  backtest_id: recordedId.optional(),
  plan: walkForwardPlan.optional(),
  rule: validationRule.default({ min_windows: 1 }),
  windows: z
    .array(
      z
        .object({ in_sample: postedSpan, out_of_sample: postedSpan })
        .refine(
          ({ in_sample, out_of_sample }) => in_sample.end_date < out_of_sample.start_date,
          'The out-of-sample span begins after the in-sample span has ended.',
        ),
    )
    .min(1)
    .max(500),
})
export type PostedValidation = z.infer<typeof postedValidation>

/** Has the server cut the recorded curve of a completed backtest. */
export const cutValidation = z.object({ plan: walkForwardPlan, rule: validationRule.default({ min_windows: 1 }) })
export type CutValidation = z.infer<typeof cutValidation>

export const validationCheck = z.strictObject({
  id: z.string(),
  operator: z.enum(['at_least', 'at_most', 'above', 'below', 'is']),
  threshold: z.union([z.number(), z.boolean()]),
  value: z.union([z.number(), z.boolean()]).nullable(),
  verdict,
})

export const validation = z.strictObject({
  id: z.string(),
  strategy_id: z.string(),
  strategy_version: z.int().positive(),
  workspace_id: z.string(),
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  backtest_id: z.string().nullable(), // whose curve was cut, or which the script names
  source: z.enum(['posted', 'cut', 'adopted']), // adopted: another system's, whose figures are not shown
  start_date: z.iso.date().nullable(),
  end_date: z.iso.date().nullable(),
  window_count: z.int().nonnegative(),
  in_sample_sharpe: figure, // means over the windows
  out_of_sample_sharpe: figure,
  degradation: figure,
  stability: figure, // share of the windows; null where a window is without figures
  verdict,
  created_at: z.iso.datetime(),
})
export type Validation = z.infer<typeof validation>

export const validationDetail = validation.extend({
  plan: walkForwardPlan.nullable(),
  rule: validationRule,
  checks: z.array(validationCheck),
  windows: z.array(validationWindow), // oldest first
})
export type ValidationDetail = z.infer<typeof validationDetail>

export const validationList = z.strictObject({ validations: z.array(validation), total, next_cursor: nextCursor })
export type ValidationList = z.infer<typeof validationList>
export const validationQuery = z.strictObject({
  ...paging,
  strategy_version: z.coerce.number().int().positive().optional(),
})
export type ValidationQuery = z.infer<typeof validationQuery>
export const validationParams = z.object({ id: recordedId })
