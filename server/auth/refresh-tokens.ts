import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { Models } from '../models'

const GRACE_MS = 10_000
const SECRET_BYTES = 32
const SHAPE = /^[\w-]{43}$/

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
export function createRefreshTokens({ RefreshToken }: Models, now: () => number) {
  async function store(token: string, sessionId: string, transaction: Transaction): Promise<string> {
    await RefreshToken.create({ hash: hashOf(token), sessionId, issuedAt: new Date(now()) }, { transaction })
    return token
  }

  return {
    first: (sessionId: string, transaction: Transaction) =>
      store(randomBytes(SECRET_BYTES).toString('base64url'), sessionId, transaction),

    /** The session a token was given out for, spent or not. */
    async findSessionId(token: string): Promise<string | undefined> {
      if (!SHAPE.test(token)) return undefined
      return (await RefreshToken.findByPk(hashOf(token), { attributes: ['sessionId'] }))?.sessionId
    },

    /** Spends a token. The caller holds the lock of its session. */
    async rotate(token: string, transaction: Transaction): Promise<Rotation> {
      const row = await RefreshToken.findByPk(hashOf(token), { transaction })
      if (!row) return { outcome: 'reused' }
      if (row.spentAt === null || row.salt === null) {
        const salt = randomBytes(SECRET_BYTES).toString('base64url')
        await row.update({ spentAt: new Date(now()), salt }, { transaction })
        return { outcome: 'rotated', next: await store(successor(token, salt), row.sessionId, transaction) }
      }
      // A clock that was put back makes no spent token a good one.
      if (Math.abs(now() - row.spentAt.getTime()) > GRACE_MS) return { outcome: 'reused' }
      return { outcome: 'repeated', next: successor(token, row.salt) }
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function successor(token: string, salt: string): string {
  return createHmac('sha256', token).update(salt).digest('base64url')
}
