import { z } from 'zod'

/** Whether everybody must have a second factor, and how many have one. */
export const factorPolicy = z.strictObject({
  required: z.boolean(),
  users: z.int().nonnegative(), // active accounts
  protected_users: z.int().nonnegative(), // of these, with an authenticator app or a passkey
})
export type FactorPolicy = z.infer<typeof factorPolicy>

export const factorPolicyChange = z.object({ required: z.boolean('Say true or false.') })
export type FactorPolicyChange = z.infer<typeof factorPolicyChange>
