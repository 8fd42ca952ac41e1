import { z } from 'zod'

/** A key that signs access tokens, or did; never the key itself. */
export const signingKeyInfo = z.strictObject({
  id: z.string(), // `kid` in the header of the tokens it signed
  state: z.enum(['next', 'current', 'previous']),
  signs_from: z.iso.datetime().nullable(), // null: it always did, or only checks
  ends_at: z.iso.datetime().nullable(), // when its last token has expired and it is destroyed; null: not known
})
export type SigningKeyInfo = z.infer<typeof signingKeyInfo>

export const signingKeyList = z.strictObject({
  signing_keys: z.array(signingKeyInfo), // the newest first
  total: z.int().nonnegative(),
  next_cursor: z.null(), // there are only as many as the lifetime of a token needs
  kept_in: z.enum(['keychain', 'settings']), // settings: SECRET_KEY, which is changed there
})
export type SigningKeyList = z.infer<typeof signingKeyList>
