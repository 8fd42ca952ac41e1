import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { Database } from '../db/database'
import { storedInstant } from '../db/instants'

const GRACE_MS = 10_000
const SECRET_BYTES = 32
const SHAPE = /^[\w-]{43}$/
const STORE = 'INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES ($1, $2, $3)'
const SPEND = 'UPDATE refresh_tokens SET spent_at = $1, salt = $2 WHERE hash = $3'
const FIND_SESSION = 'SELECT session_id FROM refresh_tokens WHERE hash ='

/** What is stored of a token beside its hash. */
export interface StoredToken {
  spentAt: number | undefined // milliseconds since 1970
  salt: string | undefined // with the token that was spent, it makes the one that followed
}

export type Rotation =
  | { outcome: 'rotated'; next: string }
  | { outcome: 'repeated'; next: string } // a second tab, or a request that was sent again
  | { outcome: 'reused' } // spent long ago: somebody has a copy

export type RefreshTokens = ReturnType<typeof createRefreshTokens>

/**
 * Refresh tokens: 256 random bits, stored as a hash, spent by their first use. What follows a token is made from it and
 * a random salt kept with its row, so that whoever repeats a request within ten seconds gets the same answer, while
 * neither the database nor a spent token alone gives the next one away.
 *
 * @see RFC 9700 section 4.14.2
 */
export function createRefreshTokens({ dialect, prepareRead, statementsIn }: Database, now: () => number) {
  const findSession = prepareRead({
    name: 'session-of-refresh-token',
    sqlite: `${FIND_SESSION} ?1`,
    postgres: `${FIND_SESSION} $1`,
  })

  async function store(token: string, sessionId: string, transaction: Transaction): Promise<string> {
    await statementsIn(transaction)(STORE, [hashOf(token), sessionId, storedInstant(dialect, now())])
    return token
  }

  return {
    first: (sessionId: string, transaction: Transaction) =>
      store(randomBytes(SECRET_BYTES).toString('base64url'), sessionId, transaction),

    /** The session a token was given out for, spent or not. */
    async findSessionId(token: string): Promise<string | undefined> {
      if (!SHAPE.test(token)) return undefined
      const row = await findSession([hashOf(token)])
      return row && String(row.session_id)
    },

    /** Spends a token of a session, as it is stored. The caller holds the lock of the session. */
    async rotate(
      token: string,
      stored: StoredToken | undefined,
      sessionId: string,
      transaction: Transaction,
    ): Promise<Rotation> {
      if (!stored) return { outcome: 'reused' }
      if (stored.spentAt === undefined || stored.salt === undefined) {
        const salt = randomBytes(SECRET_BYTES).toString('base64url')
        await statementsIn(transaction)(SPEND, [storedInstant(dialect, now()), salt, hashOf(token)])
        return { outcome: 'rotated', next: await store(successor(token, salt), sessionId, transaction) }
      }
      // A clock that was put back makes no spent token a good one.
      if (Math.abs(now() - stored.spentAt) > GRACE_MS) return { outcome: 'reused' }
      return { outcome: 'repeated', next: successor(token, stored.salt) }
    },
  }
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function successor(token: string, salt: string): string {
  return createHmac('sha256', token).update(salt).digest('base64url')
}
