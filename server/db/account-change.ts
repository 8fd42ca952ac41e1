import { z } from 'zod'
import { role } from '../../contracts/scopes'

/** Tokens that ended; times are seconds since 1970, and after `expiresAt` the tokens are dead anyway. */
const endings = z.object({
  revoked: z.array(z.object({ id: z.string(), expiresAt: z.number() })),
  /** All tokens of a user that were issued earlier, but for those of one session. */
  cutOffs: z.array(
    z.object({
      userId: z.string(),
      issuedBefore: z.number(),
      keptSessionId: z.string().nullable(),
      expiresAt: z.number(),
    }),
  ),
  /** All tokens of a user that say another role than this one. */
  roles: z
    .array(
      z.object({
        userId: z.string(),
        role,
        changedAt: z.number(), // milliseconds since 1970; of two changes of one user, the later one counts
        expiresAt: z.number(),
      }),
    )
    .optional(),
})
export type Endings = z.infer<typeof endings>
export type RevokedSession = Endings['revoked'][number]
export type TokenCutOff = Endings['cutOffs'][number]
export type RoleChange = NonNullable<Endings['roles']>[number]

/** What other nodes must know at once: a user row changed, and these tokens of theirs ended. */
export const accountChange = endings.extend({
  userId: z.string(),
  /** What an administrator decided for everybody. */
  secondFactorRequired: z.boolean().optional(),
})
export type AccountChange = z.infer<typeof accountChange>
