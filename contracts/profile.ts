import { z } from 'zod'
import { claimedPassword, personName, user } from './auth'
import { passkey } from './passkeys'
import { role, scope } from './scopes'

export const updateProfileRequest = z.object({ name: personName })
export type UpdateProfileRequest = z.infer<typeof updateProfileRequest>

/** What cannot be taken back asks for the password once more. */
export const deleteAccountRequest = z.object({ password: claimedPassword })
export type DeleteAccountRequest = z.infer<typeof deleteAccountRequest>

const instant = z.iso.datetime()

/** All that the server holds about a person, but for what proves who they are: no hash, no token, no secret. */
export const accountData = z.strictObject({
  exported_at: instant,
  user: user.extend({ role, role_changed_at: instant.nullable(), updated_at: instant.nullable() }),
  authenticator: z.strictObject({ created_at: instant, confirmed_at: instant.nullable() }).nullable(),
  passkeys: z.array(passkey),
  recovery_codes: z.array(z.strictObject({ created_at: instant, used_at: instant.nullable() })),
  api_keys: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      scopes: z.array(scope),
      addresses: z.array(z.string()).nullable(),
      created_at: instant,
      expires_at: instant.nullable(),
      revoked_at: instant.nullable(),
      last_used_at: instant.nullable(),
      last_used_address: z.string().nullable(),
      made_at: z.array(instant), // it and what replaced it at each rotation
    }),
  ),
  tokens_count_from: instant.nullable(), // when all sessions but one were ended last
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      user_agent: z.string().nullable(),
      address: z.string().nullable(),
      created_at: instant,
      last_seen_at: instant.nullable(),
      proved_at: instant.nullable(), // when the person last showed in it who they are
      expires_at: instant,
      ended_at: instant.nullable(),
      renewed_at: z.array(instant),
    }),
  ),
})
export type AccountData = z.infer<typeof accountData>
