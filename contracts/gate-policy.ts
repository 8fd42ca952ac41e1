import { z } from 'zod'
import { metricId } from './metrics'

export const gateName = z.enum(['dev', 'crv', 'product'], 'A gate is dev, crv or product.')
export type GateName = z.infer<typeof gateName>

export const verdict = z.enum(['passed', 'failed', 'inconclusive'])
export type Verdict = z.infer<typeof verdict>

const backtestFacts = metricId.options.map((id) => `backtest.${id}` as const)

const figures = [
  ...backtestFacts,
  'validation.window_count',
  'validation.in_sample_sharpe',
  'validation.out_of_sample_sharpe',
  'validation.degradation',
  'validation.stability',
] as const
const statements = [
  'validation.passed', // by the rule of the validation
  'hygiene.data_fingerprint_known', // the backtest says which data it ran on
  'hygiene.code_revision_known', // and which code
  'hygiene.reproduced', // a re-run with equal inputs, scored the same way, gave the same curve
  // The script's own figures are ours, and it sent its max drawdown and its Sharpe ratio or total return among them.
  'hygiene.figures_agree',
  'gate.dev_passed', // the newest evaluation of that gate for this version passed
  'gate.crv_passed',
] as const

/** Why something is no fact of one kind: it is of the other kind, or of none. */
const noFactBut =
  (others: readonly string[], instead: string) =>
  ({ input }: { input?: unknown }) =>
    typeof input === 'string' && others.includes(input) ? instead : 'There is no such fact: see the list of facts.'

/** Facts that are numbers, in the units of the catalogue of metrics and of a validation's summary. */
export const figureFact = z.enum(figures, {
  error: noFactBut(statements, 'This fact holds or does not: its operator is "is", and its threshold true or false.'),
})
export type FigureFact = z.infer<typeof figureFact>

/** Facts that hold or do not. */
export const statementFact = z.enum(statements, {
  error: noFactBut(figures, 'This fact is a number: its operator is at_least, at_most, above or below.'),
})
export type StatementFact = z.infer<typeof statementFact>
export type Fact = FigureFact | StatementFact

const ruleId = z
  .string('A rule has an id.')
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'An id has small letters, digits and underscores, a letter first.')
const reason = z.string('A reason is a text.').trim().min(1).max(500) // why the rule is there, for people

export const figureRule = z.strictObject({
  id: ruleId,
  fact: figureFact,
  operator: z.enum(
    ['at_least', 'at_most', 'above', 'below'],
    'An operator is at_least, at_most, above or below; for what holds or does not, it is "is".',
  ),
  threshold: z.number('A threshold is a number, in the unit of its fact: 0.2 is 20 %.'),
  reason: reason.optional(),
})

export const statementRule = z.strictObject({
  id: ruleId,
  fact: statementFact,
  operator: z.literal('is'),
  threshold: z.boolean('What holds or does not is held against true or false.'),
  reason: reason.optional(),
})

export const gateRule = z.union([figureRule, statementRule])
export type GateRule = z.infer<typeof gateRule>

/** A policy as people write it, in YAML or JSON. The ledger numbers its versions. */
export const gatePolicy = z
  .strictObject({
    format: z.literal(1, 'A policy begins with "format: 1".'),
    gate: gateName,
    title: z.string('A policy has a title.').trim().min(1).max(120),
    description: z.string().trim().max(2000).optional(),
    rules: z.array(gateRule, 'A policy has a list of rules.').min(1, 'A policy has at least one rule.').max(100),
  })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    path: ['rules'],
    message: 'Each rule needs an id of its own.',
  })
export type GatePolicy = z.infer<typeof gatePolicy>

/** One rule held against the evidence. */
export const gateCheck = z.strictObject({
  id: ruleId,
  fact: z.union([figureFact, statementFact]),
  operator: z.enum(['at_least', 'at_most', 'above', 'below', 'is']),
  threshold: z.union([z.number(), z.boolean()]),
  value: z.union([z.number(), z.boolean()]).nullable(), // null: there was no evidence
  verdict,
})
export type GateCheck = z.infer<typeof gateCheck>
