import { z } from 'zod'
import { factorKind } from './factors'

const about = {
  id: z.int().positive(), // increases: resume after the last one seen
  at: z.iso.datetime(),
  /** Where it was done, unless somebody else did it: where others act from is theirs. */
  address: z.string().nullable(),
  device: z.string().nullable(), // "Firefox on Linux"
  by_session_id: z.string().nullable(), // of the person's own, in which it was done
}

/** What happens to an account, as `/ws` delivers it to the person it belongs to and to nobody else. */
export const accountEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('session.started'), ...about, session_id: z.string() }),
  /** One session ended, or, without an id, all but perhaps the one that did it. */
  z.strictObject({ type: z.literal('session.ended'), ...about, session_id: z.string().nullable() }),
  z.strictObject({ type: z.literal('api_key.first_used'), ...about, api_key_id: z.string() }),
  z.strictObject({ type: z.literal('api_key.changed'), ...about, api_key_id: z.string() }), // made, rotated, revoked
  z.strictObject({
    type: z.literal('second_factor.changed'),
    ...about,
    change: z.enum(['added', 'removed', 'reset', 'recovery_codes_replaced']),
    factor: factorKind.nullable(),
  }),
  z.strictObject({ type: z.literal('password.changed'), ...about }),
])
export type AccountEvent = z.infer<typeof accountEvent>
export type AccountEventType = AccountEvent['type']
