import { z } from 'zod'
import { nextCursor } from './paging'
import { recordedId } from './text'

/** What happens in the ledger, as `/ws` delivers it to those who may see the workspace it happened in. */
export const ledgerEventType = z.enum([
  'strategy.created',
  'strategy.changed', // name, tags, workspace, a new version, archived or restored
  'backtest.started',
  'backtest.progress',
  'backtest.completed',
  'backtest.failed',
  'validation.completed',
  'gate.evaluated',
  'promotion.requested',
  'promotion.approved',
  'promotion.declined',
])
export type LedgerEventType = z.infer<typeof ledgerEventType>

export const ledgerEvent = z.strictObject({
  id: z.int().positive(), // increases: resume after the last one seen
  type: ledgerEventType,
  at: z.iso.datetime(),
  workspace_id: z.string(),
  strategy_id: z.string(),
  strategy_name: z.string(),
  /** The run, validation, gate result or promotion it is about; `null` for the strategy itself. */
  subject_id: z.string().nullable(),
  /** Who did it; `null` where nobody is known any more. */
  actor_id: z.string().nullable(),
  /** A few figures and names that save a request: points and progress of a run, the verdict of a gate. */
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type LedgerEvent = z.infer<typeof ledgerEvent>

/** Events after an id, oldest first: for a client that reconnects, and for those without a socket. */
export const eventQuery = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type EventQuery = z.infer<typeof eventQuery>

export const eventList = z.strictObject({
  events: z.array(ledgerEvent),
  last_id: z.int().nonnegative(), // go on after this one, whether or not it could be seen
})
export type EventList = z.infer<typeof eventList>

/** For people: the newest first, without the progress of runs; of one strategy, or of all that the caller sees. */
export const recentEventQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'The cursor is not one that this list has given: start again without it.')
    .optional(), // `next_cursor` of the page before
  strategy_id: recordedId.optional(),
})
export type RecentEventQuery = z.infer<typeof recentEventQuery>

export const recentEvent = ledgerEvent.extend({
  actor_name: z.string().nullable(), // as it is now; `null` where nobody did it
})
export type RecentEvent = z.infer<typeof recentEvent>

export const recentEventList = z.strictObject({
  events: z.array(recentEvent),
  last_id: z.int().nonnegative(), // of the newest on this page; 0 where there is none
  next_cursor: nextCursor,
})
export type RecentEventList = z.infer<typeof recentEventList>
