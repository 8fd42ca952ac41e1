import { z } from 'zod'
import { claimedPassword, ofText, tokenReply } from './auth'
import { passkey } from './passkeys'

export const CODE_DIGITS = 6
const CODE_MAX_LENGTH = 64

/** What can be put on an account. Recovery codes come with the first of them. */
export const factorKind = z.enum(['totp', 'passkey'])
export type FactorKind = z.infer<typeof factorKind>

/** How a person can show who they are besides a password. */
export const secondFactorMethod = z.enum(['totp', 'passkey', 'recovery_code'])
export type SecondFactorMethod = z.infer<typeof secondFactorMethod>

/** The password was right; what is still missing, and what to send it with. */
export const signInChallenge = z.strictObject({
  challenge: z.string(), // opaque; good for the second step of this sign-in and for nothing else
  expires_in: z.int().positive(), // seconds from now
  methods: z.array(secondFactorMethod),
})
export type SignInChallenge = z.infer<typeof signInChallenge>

/** Six digits of an authenticator app, or a recovery code; spaces, hyphens and case do not count. */
export const claimedCode = z
  .string('Enter a code.')
  .trim()
  .min(1, ofText('Enter a code.'))
  .max(CODE_MAX_LENGTH, ofText('That is longer than any code.'))

export const secondFactorRequest = z.object({
  challenge: z.string('Start with your password.').max(64, ofText('Start with your password.')),
  code: claimedCode,
})
export type SecondFactorRequest = z.infer<typeof secondFactorRequest>

export const totpCodeRequest = z.object({
  code: z
    .string('Enter the code.')
    .transform((typed) => typed.replaceAll(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'Enter the six digits that the app shows.')),
})
export type TotpCodeRequest = z.input<typeof totpCodeRequest>

/** What protects an account besides its password. */
export const factors = z.strictObject({
  totp: z.strictObject({ confirmed_at: z.iso.datetime() }).nullable(),
  passkeys: z.array(passkey),
  recovery_codes_left: z.int().nonnegative(),
})
export type Factors = z.infer<typeof factors>

/** Shown once: the key of an authenticator app, which counts after a first code was confirmed. */
export const totpEnrolment = z.strictObject({
  secret: z.string(), // base32
  uri: z.string(), // otpauth://totp/…, for a QR code
})
export type TotpEnrolment = z.infer<typeof totpEnrolment>

/** After a factor was added: recovery codes come with the first one, and are shown once. */
export const factorAdded = z.strictObject({ recovery_codes: z.array(z.string()).nullable() })
export type FactorAdded = z.infer<typeof factorAdded>

/** Shown once: each is good for one sign-in. */
export const recoveryCodes = z.strictObject({ recovery_codes: z.array(z.string()) })
export type RecoveryCodesReply = z.infer<typeof recoveryCodes>

/** How somebody who is signed in proves to be there still. */
export const proofMethod = z.enum(['password', ...secondFactorMethod.options])
export type ProofMethod = z.infer<typeof proofMethod>

/** The token that the proof counts for; the one it was given with is dead. */
export const freshTokenReply = tokenReply.extend({ message: z.string() })

export const stepUp = z.strictObject({
  methods: z.array(proofMethod),
  fresh_until: z.iso.datetime().nullable(), // until then no new proof is asked for
})
export type StepUp = z.infer<typeof stepUp>

/** One of the two: the password, or a code where the account has a second factor. */
export const stepUpRequest = z
  .object({ password: claimedPassword.optional(), code: claimedCode.optional() })
  .refine(({ password, code }) => (password === undefined) !== (code === undefined), 'Send a password or a code.')
export type StepUpRequest = z.infer<typeof stepUpRequest>
