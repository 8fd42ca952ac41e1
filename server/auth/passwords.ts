import { createHmac } from 'node:crypto'
import type { HashPool } from './hash-pool'

// Stored in front of the bcrypt hash: how the password was prepared. A bare "$2b$" is from the Python system.
const SCHEME = 'hmac-sha256'
const DOMAIN_LABEL = 'aurelius/password/v1'
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashes and checks passwords: NFKC, HMAC-SHA-256 under a fixed label, base64, then bcrypt. bcrypt alone reads only
 * 72 bytes and stops at a NUL; the 44 characters it gets here carry the whole password.
 */
export function createPasswords(pool: HashPool, rounds: number) {
  // Well-formed, of the usual cost, and the hash of nothing: comparing with it takes as long as with a real one.
  const dummy = `$2b$${String(rounds).padStart(2, '0')}$${'.'.repeat(53)}`

  return {
    hash: async (password: string) => SCHEME + (await pool.hash(prepare(password), rounds)),

    /** Compares with a stored hash of either kind; a hash that cannot be read matches nothing. */
    async matches(password: string, stored: string): Promise<boolean> {
      const prepared = stored.startsWith(SCHEME)
      const hash = prepared ? stored.slice(SCHEME.length) : stored
      if (!BCRYPT.test(hash) || (!prepared && password.includes('\0'))) {
        await pool.compare(prepare(password), dummy)
        return false
      }
      return pool.compare(prepared ? prepare(password) : password, hash.replace(/^\$2y/, '$2b'))
    },

    /** Spends the time of a comparison, so that an unknown user takes as long as a wrong password. */
    async pretendToMatch(password: string): Promise<void> {
      await pool.compare(prepare(password), dummy)
    },

    /** Whether a hash that just matched should be replaced: made by the Python system, or at a lower cost. */
    isOutdated(stored: string): boolean {
      const cost = Number(BCRYPT.exec(stored.startsWith(SCHEME) ? stored.slice(SCHEME.length) : stored)?.[1] ?? 0)
      return !stored.startsWith(SCHEME) || cost < rounds
    },
  }
}

function prepare(password: string): string {
  return createHmac('sha256', DOMAIN_LABEL).update(password.normalize('NFKC')).digest('base64')
}
