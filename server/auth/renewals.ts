import type { User } from '../../contracts/auth'
import type { Role } from '../../contracts/scopes'
import { CLOCK_TOLERANCE_MS } from '../clock'
import type { RunStatement } from '../db/batches'
import type { Database } from '../db/database'
import { hashOf, type StoredToken } from './refresh-tokens'
import { isYes, toInstant, toRole, toUser } from './user-rows'

const LOCK = 'SELECT id FROM sessions WHERE id = $1 FOR UPDATE'
const FIND = `SELECT s.user_id, s.created_at AS session_created_at, s.expires_at, s.revoked_at, s.key_thumbprint, s.shown_proofs,
    t.hash, t.spent_at, t.salt, u.id, u.email, u.name, u.is_active, u.role, u.created_at, c.issued_before,
    (EXISTS (SELECT 1 FROM totp_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id)) AS has_factor
  FROM sessions s JOIN users u ON u.id = s.user_id
  LEFT JOIN refresh_tokens t ON t.hash = $1
  LEFT JOIN token_cut_offs c ON c.user_id = CAST(s.user_id AS VARCHAR(255))
  WHERE s.id = $2`

/** All that a renewal depends on: the session, the token that was shown, and whose they are. */
export interface Renewal {
  userId: string
  /** Milliseconds since 1970, as all of these. */
  createdAt: number
  expiresAt: number
  isRevoked: boolean
  /** Of the key that the session is held to, and what was shown of it; see key-proofs. */
  keyThumbprint: string | null
  shownProofs: string | null
  /** Nothing where it was deleted since. */
  token: StoredToken | undefined
  user: User
  role: Role
  hasFactor: boolean
  /** The second before which no token of the user's may be dated. */
  tokensCountSince: number
}

/**
 * Reads what a renewal depends on, in one statement, since pages renew all day. The session stays locked; on Postgres it is
 * locked first, so that what another renewal wrote meanwhile is seen.
 */
export async function findRenewal(
  { dialect }: Pick<Database, 'dialect'>,
  run: RunStatement,
  { sessionId, token, now }: { sessionId: string; token: string; now: number },
): Promise<Renewal | undefined> {
  if (dialect === 'postgres') await run(LOCK, [sessionId])
  const [row] = await run(FIND, [hashOf(token), sessionId])
  if (!row) return undefined
  const cutOff = instantOf(row.issued_before)
  return {
    userId: String(row.user_id),
    createdAt: instantOf(row.session_created_at) ?? 0,
    expiresAt: instantOf(row.expires_at) ?? 0,
    isRevoked: row.revoked_at !== null,
    keyThumbprint: textOf(row.key_thumbprint) ?? null,
    shownProofs: textOf(row.shown_proofs) ?? null,
    token: row.hash === null ? undefined : { spentAt: instantOf(row.spent_at), salt: textOf(row.salt) },
    user: toUser(row),
    role: toRole(row.role),
    hasFactor: isYes(row.has_factor),
    tokensCountSince: cutOff !== undefined && cutOff <= now + CLOCK_TOLERANCE_MS ? Math.floor(cutOff / 1000) : 0,
  }
}

const instantOf = (stored: unknown): number | undefined => (stored == null ? undefined : Date.parse(toInstant(stored)))
const textOf = (stored: unknown): string | undefined => (stored == null ? undefined : String(stored))
