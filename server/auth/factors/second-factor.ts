import { createHash } from 'node:crypto'
import { Op, type Transaction } from 'sequelize'
import { normaliseEmail, type User } from '../../../contracts/auth'
import { type SecondFactorMethod, type SignInChallenge, secondFactorMethod } from '../../../contracts/factors'
import type { Role } from '../../../contracts/scopes'
import type { Database } from '../../db/database'
import { challengeExpired, factorRequired, factorUnreadable } from '../refusals'
import { rawRow, toRole, toUser, type VerifiedUser } from '../user-rows'
import type { Challenges } from './challenges'
import type { RecoveryCodes } from './recovery-codes'
import type { Requirement } from './requirement'
import type { SealedText } from './sealed-text'
import { findTotpStep } from './totp'

const METHODS = `SELECT (SELECT COUNT(*) FROM totp_factors WHERE user_id = :userId AND confirmed_at IS NOT NULL) AS totp,
  (SELECT COUNT(*) FROM passkeys WHERE user_id = :userId) AS passkey,
  (SELECT COUNT(*) FROM recovery_codes WHERE user_id = :userId AND used_at IS NULL) AS recovery_code`
const METHODS_WITHIN = METHODS.replaceAll(':userId', '$1')
const TOTP_CODE = /^\d{6}$/

/** What came of the second step of a sign-in. */
export type SecondStep =
  | { outcome: 'proved'; user: User; role: Role; method: SecondFactorMethod }
  | { outcome: 'wrong'; userId: string | null }
  | { outcome: 'expired' }

export interface SecondFactorDependencies {
  database: Database
  challenges: Challenges
  recoveryCodes: RecoveryCodes
  sealed: SealedText
  requirement: Pick<Requirement, 'isRequired'>
  now(): number
}

export type SecondFactor = ReturnType<typeof createSecondFactor>

/** What an account asks for besides its password, and whether somebody has it. */
export function createSecondFactor({
  database,
  challenges,
  recoveryCodes,
  sealed,
  requirement,
  now,
}: SecondFactorDependencies) {
  const { User, TotpFactor } = database.models

  /** How this user can prove more than the password; nothing where the password is enough. */
  async function methodsOf(userId: string, transaction?: Transaction): Promise<SecondFactorMethod[]> {
    const found = transaction
      ? (await database.statementsIn(transaction)(METHODS_WITHIN, [userId]))[0]
      : (await database.readRows(METHODS, { userId }))[0]
    const methods = secondFactorMethod.options.filter((method) => Number(found?.[method]) > 0)
    return methods.some((method) => method !== 'recovery_code') ? methods : []
  }

  /** Of two uses of one code, also at once, one counts: the newest step that was accepted only ever grows. */
  async function acceptStep(userId: string, code: string, transaction: Transaction): Promise<boolean> {
    const row = await TotpFactor.findOne({ where: { userId, confirmedAt: { [Op.ne]: null } }, transaction })
    if (!row) return false
    const secret = sealed.open(row.sealedSecret, contextOf(userId))
    if (secret === undefined) throw factorUnreadable()
    const step = await findTotpStep(secret, code, now())
    if (step === undefined) return false
    const newer = { userId, lastStep: { [Op.or]: [{ [Op.is]: null }, { [Op.lt]: step }] } }
    const [count] = await TotpFactor.update({ lastStep: step }, { where: newer, transaction })
    return count === 1
  }

  /**
   * Uses up a code of either kind.
   *
   * @returns which kind it was; nothing when it is wrong or was used before
   * @throws {AppError} `factor_unreadable`
   */
  async function spendCode(
    userId: string,
    typed: string,
    transaction: Transaction,
  ): Promise<SecondFactorMethod | undefined> {
    const digits = typed.replaceAll(/[\s-]/g, '')
    if (TOTP_CODE.test(digits)) return (await acceptStep(userId, digits, transaction)) ? 'totp' : undefined
    return (await recoveryCodes.use(userId, typed, transaction)) ? 'recovery_code' : undefined
  }

  /**
   * After one was removed: recovery codes go with the last.
   *
   * @throws {AppError} `factor_required`
   */
  async function settleRemoval(userId: string, transaction: Transaction): Promise<void> {
    if ((await methodsOf(userId, transaction)).length > 0) return
    if (requirement.isRequired()) throw factorRequired()
    await recoveryCodes.forget(userId, transaction)
  }

  return {
    methodsOf,
    settleRemoval,
    spendCode,

    /** After the right password: what the account asks for besides; nothing where that was all. */
    async demand(verified: VerifiedUser, transaction: Transaction): Promise<SignInChallenge | undefined> {
      const userId = verified.user.id
      const methods = await methodsOf(userId, transaction)
      if (methods.length === 0) return undefined
      const passwordDigest = digestOf(verified.hashedPassword)
      const challenge = await challenges.issue({ purpose: 'second-factor', userId, passwordDigest }, transaction)
      return { challenge, expires_in: challenges.lifetimeSeconds, methods }
    },

    /** Whose sign-in a challenge belongs to, as limits count it. @throws {UnauthenticatedError} `challenge_expired` */
    async accountOf(challenge: string): Promise<string> {
      const row = await challenges.find(challenge, 'second-factor')
      const user = row?.userId && (await User.findByPk(row.userId, { attributes: ['email'] }))
      if (!user) throw challengeExpired()
      return normaliseEmail(user.email)
    },

    /**
     * Takes the second step. The account must be as it was at the first: a password that was changed meanwhile, or an
     * account that was deactivated, voids it.
     *
     * @param prove whether this user has what was asked for, and what it was
     */
    async answer(
      challenge: string,
      prove: (userId: string) => Promise<SecondFactorMethod | undefined>,
      transaction: Transaction,
    ): Promise<SecondStep> {
      const row = await challenges.find(challenge, 'second-factor', transaction)
      if (!row?.userId) return { outcome: 'expired' }
      const user = await User.findOne({
        where: { id: row.userId, isActive: true },
        lock: transaction.LOCK.SHARE,
        transaction,
      })
      if (!user || digestOf(user.hashedPassword) !== row.passwordDigest) return { outcome: 'expired' }
      const method = await prove(user.id)
      if (!method) {
        await challenges.miss(row, transaction)
        return { outcome: 'wrong', userId: user.id }
      }
      await challenges.spend(row, transaction)
      return { outcome: 'proved', user: toUser(rawRow(user)), role: toRole(user.role), method }
    },
  }
}

/** What a sealed secret is for: of this user, and of nobody else. */
export function contextOf(userId: string): string {
  return `totp:${userId}`
}

function digestOf(hashedPassword: string): string {
  return createHash('sha256').update(hashedPassword).digest('hex')
}
