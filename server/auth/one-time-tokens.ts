import { createHash, randomBytes } from 'node:crypto'
import { Op, type Transaction } from 'sequelize'
import { AppError } from '../errors'
import type { Models } from '../models'
import type { OneTimeTokenRow } from '../models/one-time-token'

const SECRET_BYTES = 32
const SHAPE = /^[\w-]{43}$/

/** What a token may be used for, and for nothing else. */
export type TokenPurpose = 'password-reset' | 'email-verification' | 'email-change-current' | 'email-change-new'

export interface NewToken {
  purpose: TokenPurpose
  userId: string
  /** Where it is sent, or which address it is about. */
  email: string | null
  /** What must not have changed when it is used: the stored hash, or the address of the moment. */
  boundTo: string
  changeId?: string
  lifetimeSeconds: number
}

export interface IssuedToken {
  token: string
  expiresAt: Date
}

export type OneTimeTokens = ReturnType<typeof createOneTimeTokens>

export const linkInvalid = () =>
  new AppError('link_invalid', 400, 'This link has expired or was used already: ask for a new one.')

/** Tokens for links: 256 random bits, of which a hash is kept, good for one purpose, once, and for a while. */
export function createOneTimeTokens({ OneTimeToken }: Models, now: () => number) {
  return {
    async issue({ boundTo, lifetimeSeconds, ...token }: NewToken, transaction: Transaction): Promise<IssuedToken> {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const expiresAt = new Date(now() + lifetimeSeconds * 1000)
      await OneTimeToken.create(
        { ...token, hash: digest(secret), boundTo: digest(boundTo), createdAt: new Date(now()), expiresAt },
        { transaction },
      )
      return { token: secret, expiresAt }
    },

    /**
     * The unspent token behind a secret. In a transaction its row is locked, so that it is used once.
     *
     * @throws {AppError} `link_invalid`
     */
    async get(secret: string, purposes: TokenPurpose[], transaction?: Transaction): Promise<OneTimeTokenRow> {
      const row =
        SHAPE.test(secret) &&
        (await OneTimeToken.findOne({
          where: { hash: digest(secret), purpose: purposes, usedAt: null, expiresAt: { [Op.gt]: new Date(now()) } },
          ...(transaction && { transaction, lock: true }),
        }))
      if (!row) throw linkInvalid()
      return row
    },

    /** @throws {AppError} `link_invalid`: what the token stands on has changed since it was issued */
    requireUnchanged(row: OneTimeTokenRow, boundTo: string): void {
      if (row.boundTo !== digest(boundTo)) throw linkInvalid()
    },

    /** The other tokens that count only together with this one. The caller holds the lock of the user's row. */
    findPartners: ({ changeId, hash }: OneTimeTokenRow, transaction: Transaction) =>
      OneTimeToken.findAll({ where: { changeId, hash: { [Op.ne]: hash } }, transaction }),

    /** The newest of a kind that can still be used, or was used and waits for its partner. */
    findNewest: (userId: string, purpose: TokenPurpose, boundTo: string) =>
      OneTimeToken.findOne({
        where: { userId, purpose, boundTo: digest(boundTo), expiresAt: { [Op.gt]: new Date(now()) } },
        order: [['createdAt', 'DESC']],
      }),

    async spend(row: OneTimeTokenRow, transaction: Transaction): Promise<void> {
      await row.update({ usedAt: new Date(now()) }, { transaction })
    },

    /** Takes back every token of some kinds that a user was given. */
    async revoke(userId: string, purposes: TokenPurpose[], transaction: Transaction): Promise<void> {
      await OneTimeToken.destroy({ where: { userId, purpose: purposes }, transaction })
    },

    async deleteExpired(transaction: Transaction): Promise<void> {
      await OneTimeToken.destroy({ where: { expiresAt: { [Op.lte]: new Date(now()) } }, transaction })
    },
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
