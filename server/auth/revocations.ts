export interface RevokedSession {
  id: string
  expiresAt: number // seconds since 1970; after that its tokens are dead anyway
}

export type Revocations = ReturnType<typeof createRevocations>

/** The sessions that ended before their time, in memory, so that checking a token costs no query. */
export function createRevocations(now: () => number) {
  const expiries = new Map<string, number>()
  return {
    has: (sessionId: string) => expiries.has(sessionId),
    add(sessions: RevokedSession[]) {
      for (const { id, expiresAt } of sessions) expiries.set(id, expiresAt)
    },
    forgetExpired() {
      const seconds = now() / 1000
      for (const [id, expiresAt] of expiries) if (expiresAt <= seconds) expiries.delete(id)
    },
  }
}
