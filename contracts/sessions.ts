import { z } from 'zod'
import { recordedId } from './text'

/** One sign-in on one device. */
export const session = z.strictObject({
  id: z.string(),
  device: z.string(), // "Firefox on Linux", told from the user agent
  address: z.string().nullable(), // where it was used last
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(), // when it was last signed in or renewed
  expires_at: z.iso.datetime(), // moves on with each renewal
  is_current: z.boolean(),
})
export type Session = z.infer<typeof session>

export const sessionList = z.strictObject({
  sessions: z.array(session),
  total: z.int().nonnegative(),
  next_cursor: z.null(), // a person's live sessions fit one page
})
export type SessionList = z.infer<typeof sessionList>

export const sessionParams = z.object({ id: recordedId })
