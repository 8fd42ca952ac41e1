import { createHash, randomBytes } from 'node:crypto'
import { Op, type Transaction } from 'sequelize'
import type { Models } from '../../models'
import type { AuthChallengeRow } from '../../models/auth-challenge'

const LIFETIME_SECONDS = 300
const SECRET_BYTES = 32
const MOST_ATTEMPTS = 5
const SHAPE = /^[\w-]{43}$/

/** What a challenge may be used for, and for nothing else. */
export type Purpose = 'second-factor' | 'passkey-sign-in' | 'new-passkey' | 'step-up'

export interface NewChallenge {
  purpose: Purpose
  userId: string | null
  passwordDigest?: string
  sessionId?: string
}

export type Challenges = ReturnType<typeof createChallenges>

/**
 * Proofs that were asked for and are not given yet: 256 random bits, of which a hash is kept, good for five minutes,
 * five attempts, one success, and one purpose.
 */
export function createChallenges({ AuthChallenge }: Models, now: () => number) {
  return {
    lifetimeSeconds: LIFETIME_SECONDS,

    async issue(challenge: NewChallenge, transaction: Transaction): Promise<string> {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const expiresAt = new Date(now() + LIFETIME_SECONDS * 1000)
      await AuthChallenge.create({ ...challenge, hash: hashOf(secret), expiresAt }, { transaction })
      return secret
    },

    /** The open challenge behind a secret. In a transaction its row is locked, so that it is answered once. */
    async find(
      secret: string,
      purpose: Purpose | Purpose[],
      transaction?: Transaction,
    ): Promise<AuthChallengeRow | undefined> {
      if (!SHAPE.test(secret)) return undefined
      const row = await AuthChallenge.findOne({
        where: {
          hash: hashOf(secret),
          purpose,
          expiresAt: { [Op.gt]: new Date(now()) },
          attempts: { [Op.lt]: MOST_ATTEMPTS },
        },
        ...(transaction && { transaction, lock: true }),
      })
      return row ?? undefined
    },

    /** Counts a wrong answer; after the fifth the challenge is void. */
    async miss(row: AuthChallengeRow, transaction: Transaction): Promise<void> {
      await row.increment('attempts', { transaction })
    },

    async spend(row: AuthChallengeRow, transaction: Transaction): Promise<void> {
      await row.destroy({ transaction })
    },

    async deleteExpired(transaction: Transaction): Promise<void> {
      await AuthChallenge.destroy({ where: { expiresAt: { [Op.lte]: new Date(now()) } }, transaction })
    },
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
