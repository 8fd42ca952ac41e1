import { createHmac } from 'node:crypto'
import type { HashPool } from './hash-pool'

/** Stored in front of the bcrypt hash: how the password was prepared. A bare "$2b$" is from the Python system. */
export const SCHEME = 'hmac-sha256'
const DOMAIN_LABEL = 'aurelius/password/v1'
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashes and checks passwords: NFKC, HMAC-SHA-256 under a fixed label, base64, then bcrypt. bcrypt alone reads only
 * 72 bytes and stops at a NUL; the 44 characters it gets here carry the whole password.
 */
export function createPasswords(pool: HashPool, rounds: number) {
  const dummy = dummyOf(rounds)
  // Each cost doubles the work, so a mismatch and dummies of its own cost and all between make up one of the usual cost.
  const fillersFor = (hash: string): string[] => {
    const cost = Number(BCRYPT.exec(hash)?.[1])
    return Array.from({ length: Math.max(0, rounds - cost) }, (_, step) => dummyOf(cost + step))
  }

  return {
    hash: async (password: string, signal?: AbortSignal) =>
      SCHEME + (await pool.hash(prepare(password), rounds, signal)),

    /** Compares with a stored hash of either kind; a hash that cannot be read matches nothing. */
    async matches(password: string, stored: string, signal?: AbortSignal): Promise<boolean> {
      const prepared = stored.startsWith(SCHEME)
      const hash = prepared ? stored.slice(SCHEME.length) : stored
      if (!BCRYPT.test(hash) || (!prepared && password.includes('\0'))) {
        await pool.compare(prepare(password), dummy, [], signal)
        return false
      }
      return pool.compare(
        prepared ? prepare(password) : password,
        hash.replace(/^\$2y/, '$2b'),
        fillersFor(hash),
        signal,
      )
    },

    /** Spends the time of a comparison, so that an unknown user takes as long as a wrong password. */
    async pretendToMatch(password: string, signal?: AbortSignal): Promise<void> {
      await pool.compare(prepare(password), dummy, [], signal)
    },

    /** Whether a hash that just matched should be replaced: made by the Python system, or at a lower cost. */
    isOutdated(stored: string): boolean {
      const cost = Number(BCRYPT.exec(stored.startsWith(SCHEME) ? stored.slice(SCHEME.length) : stored)?.[1] ?? 0)
      return !stored.startsWith(SCHEME) || cost < rounds
    },
  }
}

// Well-formed and the hash of nothing: comparing with it takes as long as with a real one of its cost.
function dummyOf(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
}

function prepare(password: string): string {
  return createHmac('sha256', DOMAIN_LABEL).update(password.normalize('NFKC')).digest('base64')
}
