import type { Endings, TokenCutOff } from '../db/account-change'

export type Revocations = ReturnType<typeof createRevocations>

/** The tokens that ended before their time, in memory, so that checking one costs no query. */
export function createRevocations(now: () => number) {
  const expiries = new Map<string, number>()
  const cutOffs = new Map<string, TokenCutOff>()

  function isCutOff({ sub, sid, iat }: { sub: string; sid: string; iat: number }): boolean {
    const cutOff = cutOffs.get(sub)
    return cutOff !== undefined && iat < cutOff.issuedBefore && sid !== cutOff.keptSessionId
  }

  return {
    covers: (claims: { sub: string; sid: string; iat: number }) => expiries.has(claims.sid) || isCutOff(claims),
    add({ revoked, cutOffs: added }: Endings) {
      for (const { id, expiresAt } of revoked) expiries.set(id, expiresAt)
      for (const cutOff of added)
        if ((cutOffs.get(cutOff.userId)?.issuedBefore ?? 0) <= cutOff.issuedBefore) cutOffs.set(cutOff.userId, cutOff)
    },
    forgetExpired() {
      const seconds = now() / 1000
      for (const [id, expiresAt] of expiries) if (expiresAt <= seconds) expiries.delete(id)
      for (const [userId, { expiresAt }] of cutOffs) if (expiresAt <= seconds) cutOffs.delete(userId)
    },
  }
}
