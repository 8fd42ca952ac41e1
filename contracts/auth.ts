import { z } from 'zod'
import { hasInvisible } from './text'

const CONTROL = /\p{Cc}/u
/** Half of a surrogate pair: it has no UTF-8 form, so a store or a hash would take another character in its place. */
const HALF_CHARACTER = /\p{Cs}/u
/** What nobody sees; an address needs none of it, also where names do. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800\ufff9-\ufffb]/u
const EMAIL_SHAPE =
  /^(?!\.)(?!.*\.\.)[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}(?<!\.)@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])$/u

/** RFC 5321 section 4.5.3.1.3: a path is at most 256 octets, two of which are the angle brackets. */
export const EMAIL_MAX_LENGTH = 254
const EMAIL_TOO_LONG = `An e-mail address has at most ${EMAIL_MAX_LENGTH} characters.`
export const NAME_MAX_LENGTH = 255
export const PASSWORD_MIN_LENGTH = 8
export const PASSWORD_MAX_LENGTH = 1024

/**
 * The message of a check of length, for text alone. By itself zod checks whatever has a `length`, and comparing that of
 * an object can throw.
 */
export function ofText(error: string): { error: string } {
  const params = { error, when: ({ value }: { value: unknown }) => typeof value === 'string' }
  return params
}

/** The form addresses are stored and compared in. */
export function normaliseEmail(typed: string): string {
  return typed.trim().normalize('NFC').toLowerCase()
}

/**
 * An e-mail address as typed: trimmed, 3 to 254 characters, letters of any script (RFC 6531).
 * Full-width look-alikes and control characters are refused, so that two spellings cannot name one mailbox.
 */
const emailAsTyped = z
  .string('Enter an e-mail address.')
  .trim()
  .min(1, ofText('Enter an e-mail address.'))
  .max(EMAIL_MAX_LENGTH, ofText(EMAIL_TOO_LONG))
  .refine(
    (value) =>
      !CONTROL.test(value) &&
      !INVISIBLE.test(value) &&
      value.normalize('NFKC') === value.normalize('NFC') &&
      EMAIL_SHAPE.test(normaliseEmail(value)),
    'Enter an e-mail address such as name@example.com.',
  )

/** Stored and compared in lower case, Unicode form NFC; both can be longer than what was typed. */
export const email = emailAsTyped
  .transform(normaliseEmail)
  .refine((value) => [...value].length <= EMAIL_MAX_LENGTH, EMAIL_TOO_LONG)

/** 8 to 1,024 characters of any script, spaces included, no composition rules (NIST SP 800-63B-4 section 3.1.1.2). */
export const newPassword = z
  .string('Enter a password.')
  .min(PASSWORD_MIN_LENGTH, ofText(`A password has at least ${PASSWORD_MIN_LENGTH} characters.`))
  .max(PASSWORD_MAX_LENGTH, ofText(`A password has at most ${PASSWORD_MAX_LENGTH} characters.`))
  .refine((value) => !value.includes('\0'), 'A password cannot contain the NUL character.')
  .refine((value) => !HALF_CHARACTER.test(value), 'A password cannot contain half of a character.')

/** A password somebody claims to have: whether it is right is decided by its hash, not by its form. */
export const claimedPassword = z
  .string('Enter your password.')
  .min(1, ofText('Enter your password.'))
  .max(PASSWORD_MAX_LENGTH, ofText(`A password has at most ${PASSWORD_MAX_LENGTH} characters.`))

export const personName = z
  .string('Enter your name.')
  .trim()
  .min(1, ofText('Enter your name.'))
  .max(NAME_MAX_LENGTH, ofText(`A name has at most ${NAME_MAX_LENGTH} characters.`))
  .refine((value) => !CONTROL.test(value), 'A name cannot contain control characters.')
  .refine((value) => !HALF_CHARACTER.test(value), 'A name cannot contain half of a character.')
  .refine((value) => !hasInvisible(value), 'A name cannot contain invisible characters.')

export const registerRequest = z.object({
  email,
  password: newPassword,
  name: personName,
  invitation: z.string().trim().min(1).max(64).optional(), // of the link, where one is needed or gives a role
})
export type RegisterRequest = z.infer<typeof registerRequest>

/** `email` stays as typed (trimmed): rows of the Python system may be stored in mixed case. */
export const loginRequest = z.object({ email: emailAsTyped, password: claimedPassword })
export type LoginRequest = z.infer<typeof loginRequest>

export const changePasswordRequest = z.object({ current_password: claimedPassword, new_password: newPassword })
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>

export const user = z.strictObject({
  id: z.string().min(1), // a UUID, unless a database made elsewhere says otherwise
  email: z.string(),
  name: z.string(),
  is_active: z.boolean(),
  is_admin: z.boolean(),
  created_at: z.iso.datetime(), // UTC, ends in Z
})
export type User = z.infer<typeof user>

export const tokenReply = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.int().positive(), // seconds from now
  user,
})
export type TokenReply = z.infer<typeof tokenReply>

export const userReply = z.strictObject({ user })
export type UserReply = z.infer<typeof userReply>

export const messageReply = z.strictObject({ message: z.string() })
export type MessageReply = z.infer<typeof messageReply>
