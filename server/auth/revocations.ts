import { CLOCK_TOLERANCE_MS } from '../clock'
import type { Endings, RoleChange, TokenCutOff } from '../db/account-change'
import type { Claims } from './tokens'

export type Revocations = ReturnType<typeof createRevocations>

/** The tokens that ended before their time, in memory, so that checking one costs no query. */
export function createRevocations(now: () => number) {
  const expiries = new Map<string, number>()
  const cutOffs = new Map<string, TokenCutOff>()
  const roles = new Map<string, RoleChange>()

  /** The cut-off that counts for a user; one dated ahead would keep them out until that day. */
  function cutOffOf(userId: string): TokenCutOff | undefined {
    const cutOff = cutOffs.get(userId)
    return cutOff && cutOff.issuedBefore * 1000 <= now() + CLOCK_TOLERANCE_MS ? cutOff : undefined
  }

  function isCutOff({ sub, sid, iat }: Claims): boolean {
    const cutOff = cutOffOf(sub)
    return cutOff !== undefined && iat < cutOff.issuedBefore && sid !== cutOff.keptSessionId
  }

  function hasOldRole({ sub, role }: Claims): boolean {
    const change = roles.get(sub)
    return change !== undefined && change.role !== role
  }

  function isOver(claims: Claims): boolean {
    return expiries.has(claims.sid) || expiries.has(claims.jti) || isCutOff(claims)
  }

  return {
    covers: (claims: Claims) => isOver(claims) || hasOldRole(claims),
    /** Whether a token that is covered is so for nothing but what its person may do, which has changed. */
    isForRoleAlone: (claims: Claims) => hasOldRole(claims) && !isOver(claims),
    add({ revoked, cutOffs: added, roles: changed = [] }: Endings) {
      for (const { id, expiresAt } of revoked) expiries.set(id, expiresAt)
      for (const cutOff of added)
        if ((cutOffOf(cutOff.userId)?.issuedBefore ?? 0) <= cutOff.issuedBefore) cutOffs.set(cutOff.userId, cutOff)
      for (const change of changed)
        if ((roles.get(change.userId)?.changedAt ?? 0) <= change.changedAt) roles.set(change.userId, change)
    },
    forgetExpired() {
      const seconds = now() / 1000
      for (const [id, expiresAt] of expiries) if (expiresAt <= seconds) expiries.delete(id)
      for (const map of [cutOffs, roles])
        for (const [userId, { expiresAt }] of map) if (expiresAt <= seconds) map.delete(userId)
    },
  }
}
