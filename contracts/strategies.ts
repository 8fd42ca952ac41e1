import { z } from 'zod'
import { nextCursor, paging, total } from './paging'
import { line, prose, recordedId } from './text'

const PARAMETERS_MAX_BYTES = 64 * 1024
const TAGS_MAX = 20

/** Where a strategy stands: each step up is a promotion that needs the gate of that name passed. */
export const stage = z.enum(['research', 'dev', 'crv', 'product'])
export type Stage = z.infer<typeof stage>

export const strategyStatus = z.enum(['active', 'archived'])

/** Lower case: letters and digits of any script, and `-`, `_`, `.`, `:` between them. */
export const tag = z
  .string('A tag is a text.')
  .trim()
  .toLowerCase()
  .min(1, 'A tag has at least one character.')
  .max(40, 'A tag has at most 40 characters.')
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.:-]*$/u, 'A tag is one word: letters, digits and - _ . : between them.')

const tags = z
  .array(tag)
  .max(TAGS_MAX, `A strategy has at most ${TAGS_MAX} tags.`)
  .transform((all) => [...new Set(all)].sort())

const PARAMETERS_MAX_DEPTH = 50
/** How JSON.stringify writes half of a character, and nothing else. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f][\da-f]{2}/

/** What the rules of a strategy are set to: any JSON object. */
export const parameters = z
  .record(z.string(), z.unknown())
  .refine((value) => !isDeeperThan(PARAMETERS_MAX_DEPTH, value), {
    message: `Parameters are at most ${PARAMETERS_MAX_DEPTH} objects or lists deep.`,
    abort: true,
  })
  .refine(
    (value) => !HALF_CHARACTER.test(JSON.stringify(value)),
    'Half of a character does not belong into parameters.',
  )
  .refine(
    (value) => JSON.stringify(value).length <= PARAMETERS_MAX_BYTES,
    `Parameters have at most ${PARAMETERS_MAX_BYTES / 1024} KiB as JSON.`,
  )
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner))
}

export type Parameters = z.infer<typeof parameters>

const name = line('a name for the strategy', 200)
const strategyType = line('the type of the strategy, for example momentum', 60)
const description = prose(10_000)

export const newStrategy = z.object({
  name,
  strategy_type: strategyType,
  description: description.default(''),
  parameters: parameters.default({}),
  tags: tags.default([]),
  workspace_id: recordedId.optional(), // the caller's own where it is missing
})
export type NewStrategy = z.infer<typeof newStrategy>

/** What may change without a new version. Another workspace moves the strategy with all that belongs to it. */
export const strategyChange = z.object({
  name: name.optional(),
  strategy_type: strategyType.optional(),
  description: description.optional(),
  tags: tags.optional(),
  workspace_id: recordedId.optional(),
})
export type StrategyChange = z.infer<typeof strategyChange>

export const strategy = z.strictObject({
  id: z.string(),
  name: z.string(),
  strategy_type: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()), // of the newest version
  version: z.int().positive(), // the newest
  tags: z.array(z.string()),
  status: strategyStatus,
  stage, // of the newest version
  workspace_id: z.string(),
  owner_id: z.string().nullable(), // `null`: it came from another system, or its author's account is gone
  owner_name: z.string().nullable(),
  backtest_count: z.int().nonnegative(),
  last_backtest_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  archived_at: z.iso.datetime().nullable(),
})
export type Strategy = z.infer<typeof strategy>

export const strategyList = z.strictObject({ strategies: z.array(strategy), total, next_cursor: nextCursor })
export type StrategyList = z.infer<typeof strategyList>

export const strategySort = z.enum(['-updated_at', 'updated_at', '-created_at', 'created_at', 'name', '-name'])

export const strategyQuery = z.strictObject({
  ...paging,
  search: z.string().trim().max(200).optional(), // found in name, description, type or tags, in any case
  strategy_type: z.string().max(60).optional(),
  tag: tag.optional(),
  status: z.enum(['active', 'archived', 'any']).default('active'),
  stage: stage.optional(),
  owner_id: z.string().max(64).optional(), // `me` is the caller
  workspace_id: z.string().max(64).optional(),
  sort: strategySort.default('-updated_at'), // a minus in front: greatest or newest first
})
export type StrategyQuery = z.infer<typeof strategyQuery>

export const newStrategyVersion = z.object({ parameters, note: prose(2_000).default('') })
export type NewStrategyVersion = z.infer<typeof newStrategyVersion>

/** A parameter set; it never changes. */
export const strategyVersion = z.strictObject({
  strategy_id: z.string(),
  version: z.int().positive(),
  parameters: z.record(z.string(), z.unknown()),
  note: z.string(),
  stage, // what this version was promoted to
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  created_at: z.iso.datetime(),
})
export type StrategyVersion = z.infer<typeof strategyVersion>

export const strategyVersionList = z.strictObject({
  versions: z.array(strategyVersion), // newest first
  total,
  next_cursor: nextCursor,
})
export type StrategyVersionList = z.infer<typeof strategyVersionList>
export const strategyVersionQuery = z.strictObject(paging)

/** What the filters of the list offer. */
export const strategyFacets = z.strictObject({
  strategy_types: z.array(z.string()),
  tags: z.array(z.string()),
  owners: z.array(z.strictObject({ id: z.string(), name: z.string() })),
})
export type StrategyFacets = z.infer<typeof strategyFacets>

export const strategyParams = z.object({ id: recordedId })
