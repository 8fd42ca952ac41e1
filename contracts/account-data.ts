import { z } from 'zod'
import { activity } from './audit-log'
import { user } from './auth'
import { passkey } from './passkeys'
import { role, scope } from './scopes'
import { strategy } from './strategies'

const instant = z.iso.datetime()

/** All that the server holds about a person, but for what proves who they are: no hash, no token, no secret. */
export const accountData = z.strictObject({
  exported_at: instant,
  user: user.extend({
    email_verified_at: instant.nullable(),
    role,
    role_changed_at: instant.nullable(),
    updated_at: instant.nullable(),
  }),
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
  /** Links that were made for the account, without what opens them. */
  links: z.array(
    z.strictObject({
      purpose: z.string(),
      email: z.string().nullable(), // where it went, or the address it is about
      created_at: instant,
      expires_at: instant,
      used_at: instant.nullable(),
    }),
  ),
  invitations_made: z.array(
    z.strictObject({
      id: z.string(),
      email: z.string().nullable(),
      role,
      created_at: instant,
      expires_at: instant,
      accepted_at: instant.nullable(),
      revoked_at: instant.nullable(),
    }),
  ),
  workspaces: z.array(
    z.strictObject({ id: z.string(), name: z.string(), role: z.enum(['owner', 'editor', 'viewer']) }),
  ),
  /** Those that are the person's; their runs and gates are evidence, and read under `/api/v1`. */
  strategies: z.array(strategy),
  /** What the audit log says of the person, the newest first; `total` counts those as well that are too old to be here. */
  activity: z.strictObject({ total: z.int().nonnegative(), entries: z.array(activity) }),
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
