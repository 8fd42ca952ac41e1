import { z } from 'zod'
import { loginRequest, newPassword, ofText } from './auth'

/** The secret at the end of a link: 256 bits, base64url. It travels in the fragment and in bodies, never in a path. */
export const linkToken = z
  .string('Open the link once more.')
  .trim()
  .min(1, ofText('Open the link once more.'))
  .max(64, ofText('That is no link of ours.'))

/** As typed at sign-in: the same addresses are to be found. */
export const forgotPasswordRequest = loginRequest.pick({ email: true })
export type ForgotPasswordRequest = z.infer<typeof forgotPasswordRequest>

export const linkLook = z.object({ token: linkToken })
export type LinkLook = z.infer<typeof linkLook>

/** Whose password a link sets. */
export const passwordResetOffer = z.strictObject({ email: z.string(), expires_at: z.iso.datetime() })
export type PasswordResetOffer = z.infer<typeof passwordResetOffer>

export const resetPasswordRequest = z.object({ token: linkToken, new_password: newPassword })
export type ResetPasswordRequest = z.infer<typeof resetPasswordRequest>

/** A link to hand over, shown once: whoever has it can set the password. */
export const resetLink = z.strictObject({ url: z.url(), expires_at: z.iso.datetime() })
export type ResetLink = z.infer<typeof resetLink>
