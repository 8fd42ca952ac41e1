import { z } from 'zod'
import { claimedPassword, email } from './auth'

/** What is known of somebody's address, and what is to become of it. */
export const emailState = z.strictObject({
  email: z.string(),
  verified_at: z.iso.datetime().nullable(), // since when it is known to be theirs; never, where no mail was confirmed
  change: z
    .strictObject({
      new_email: z.string(),
      confirmed_by_current: z.boolean(),
      confirmed_by_new: z.boolean(),
      expires_at: z.iso.datetime(),
    })
    .nullable(),
})
export type EmailState = z.infer<typeof emailState>

export const changeEmailRequest = z.object({ new_email: email, password: claimedPassword })
export type ChangeEmailRequest = z.infer<typeof changeEmailRequest>

/** `confirmation_sent`: it counts when both addresses have confirmed. Without a mail server it counts at once. */
export const changeEmailReply = z.strictObject({
  outcome: z.enum(['changed', 'confirmation_sent']),
  message: z.string(),
})
export type ChangeEmailReply = z.infer<typeof changeEmailReply>

/** What a link from a mail confirms. */
export const confirmationOffer = z.strictObject({
  kind: z.enum(['verification', 'change']),
  email: z.string().nullable(), // of the account, today; not told to a new address, which may be a stranger's
  new_email: z.string().nullable(), // of a change
  expires_at: z.iso.datetime(),
})
export type ConfirmationOffer = z.infer<typeof confirmationOffer>

/** `half_confirmed`: the other address has yet to confirm. */
export const confirmEmailReply = z.strictObject({
  outcome: z.enum(['verified', 'half_confirmed', 'changed']),
  message: z.string(),
})
export type ConfirmEmailReply = z.infer<typeof confirmEmailReply>
