import { z } from 'zod'
import { gateCheck, gateName, gatePolicy, verdict } from './gate-policy'
import { metricBasis, metricTrials } from './metrics'
import { nextCursor, paging, total } from './paging'
import { stage } from './strategies'
import { prose, recordedId, saying } from './text'

/** A policy as it was in force; it never changes, a correction is a new version. */
export const policyVersion = z.strictObject({
  gate: gateName,
  version: z.int().positive(),
  policy: gatePolicy,
  text: z.string(), // the same as YAML, as people edit it
  hash: z.string(), // SHA-256 of the policy as canonical JSON
  note: z.string(),
  author_id: z.string().nullable(), // null: it came with the program
  author_name: z.string().nullable(),
  created_at: z.iso.datetime(),
})
export type PolicyVersion = z.infer<typeof policyVersion>

export const policyList = z.strictObject({ policies: z.array(policyVersion), total, next_cursor: nextCursor })
export type PolicyList = z.infer<typeof policyList>

export const newPolicy = z.object({
  text: z.string().min(1, 'Write a policy.').max(65_536), // YAML or JSON
  note: prose(2_000).default(''), // why it was changed
})
export type NewPolicy = z.infer<typeof newPolicy>

/** What a gate read: ids and hashes, so that it can be checked that they are still what they were. */
export const gateEvidence = z.strictObject({
  backtest: z
    .strictObject({
      id: z.string(),
      fingerprint: z.string(),
      result_hash: z.string(),
      /** What the deflated Sharpe ratio was held against: all trials of the strategy at that moment. */
      trials: metricTrials.nullable().default(null),
      /** What its figures were computed with, as far as the script could choose it. */
      basis: metricBasis.omit({ trials: true }).nullable().default(null),
      /** The script's own figures, and how many of them are ours; null where it sent none. */
      reported: z.strictObject({ sent: z.int().positive(), agreed: z.int().nonnegative() }).nullable().default(null),
    })
    .nullable(),
  validation: z.strictObject({ id: z.string(), hash: z.string() }).nullable(),
  gate_results: z.array(z.strictObject({ id: z.string(), gate: gateName, verdict })),
})
export type GateEvidence = z.infer<typeof gateEvidence>

/** One evaluation. It is for ever; a correction is a new one. */
export const gateResult = z.strictObject({
  id: z.string(),
  strategy_id: z.string(),
  strategy_name: z.string(),
  strategy_version: z.int().positive(),
  workspace_id: z.string(),
  gate: gateName,
  policy_version: z.int().positive().nullable(), // null: another system's, which kept no policy
  policy_hash: z.string().nullable(),
  verdict,
  checks: z.array(gateCheck),
  evidence: gateEvidence,
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  created_at: z.iso.datetime(),
})
export type GateResult = z.infer<typeof gateResult>

export const gateResultList = z.strictObject({ gate_results: z.array(gateResult), total, next_cursor: nextCursor })
export type GateResultList = z.infer<typeof gateResultList>
export const gateResultQuery = z.strictObject({
  ...paging,
  gate: gateName.optional(),
  strategy_version: z.coerce.number().int().positive().optional(),
})
export type GateResultQuery = z.infer<typeof gateResultQuery>

/** The newest of each kind of evidence is taken where none is named; it must be the strategy version's own. */
export const gateEvaluation = z.object({
  strategy_version: z.int().positive().optional(),
  backtest_id: recordedId.optional(),
  validation_id: recordedId.optional(),
})
export type GateEvaluation = z.infer<typeof gateEvaluation>

export const dryRun = z.object({ text: z.string().min(1).max(65_536) })
export type DryRun = z.infer<typeof dryRun>

/** What a policy would say of the newest evidence of each strategy the caller sees; nothing is kept. */
export const dryRunReply = z.strictObject({
  policy: gatePolicy,
  outcomes: z.array(
    z.strictObject({
      strategy_id: z.string(),
      strategy_name: z.string(),
      strategy_version: z.int().positive(),
      verdict,
      current_verdict: verdict.nullable(), // of the newest evaluation that is kept
      checks: z.array(gateCheck),
    }),
  ),
})
export type DryRunReply = z.infer<typeof dryRunReply>

export const promotionStatus = z.enum(['pending', 'approved', 'declined'])

/** A strategy version on its way one stage up. */
export const promotion = z.strictObject({
  id: z.string(),
  strategy_id: z.string(),
  strategy_name: z.string(),
  strategy_version: z.int().positive(),
  workspace_id: z.string(),
  from_stage: stage,
  to_stage: stage,
  gate_result_id: z.string(),
  status: promotionStatus,
  comment: z.string(),
  requested_by: z.string().nullable(),
  requested_by_name: z.string().nullable(),
  requested_at: z.iso.datetime(),
  decided_by: z.string().nullable(),
  decided_by_name: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
  decision_comment: z.string().nullable(),
  can_decide: z.boolean(), // the caller is a reviewer, and not an author of it
})
export type Promotion = z.infer<typeof promotion>

export const promotionList = z.strictObject({ promotions: z.array(promotion), total, next_cursor: nextCursor })
export type PromotionList = z.infer<typeof promotionList>
export const promotionQuery = z.strictObject({
  ...paging,
  strategy_id: z.string().max(64).optional(),
  status: promotionStatus.optional(),
})
export type PromotionQuery = z.infer<typeof promotionQuery>

export const newPromotion = z.object({
  strategy_version: z.int().positive().optional(), // the newest where it is missing
  comment: saying(4_000, 'Say why it should go on.'),
})
export type NewPromotion = z.infer<typeof newPromotion>

export const promotionDecision = z.object({
  comment: saying(4_000, 'Say why you decide so.'),
})
export type PromotionDecision = z.infer<typeof promotionDecision>

export const gateParams = z.object({ gate: gateName })
export const strategyGateParams = z.object({ id: recordedId, gate: gateName })
export const gateResultParams = z.object({ id: recordedId })
export const promotionParams = z.object({ id: recordedId })
