import { Op } from 'sequelize'
import type { FactorAdded, Factors, RecoveryCodesReply, TotpEnrolment } from '../../../contracts/factors'
import type { Database } from '../../db/database'
import { AppError, NotFoundError } from '../../errors'
import type { AccountNotices } from '../account-notices'
import type { SessionPrincipal } from '../principal'
import { factorUnreadable, sessionEnded, wrongCode } from '../refusals'
import type { UsersDependencies } from '../users.service'
import type { FactorEvents } from './factor-events'
import type { Passkeys } from './passkeys'
import { toPasskey } from './passkeys.service'
import type { RecoveryCodes } from './recovery-codes'
import type { SealedText } from './sealed-text'
import { contextOf, type SecondFactor } from './second-factor'
import { findTotpStep, makeTotpSecret, totpUri } from './totp'

const NOTHING_ENDED = { revoked: [], cutOffs: [] }
const ENROLMENT_MS = 15 * 60_000

export interface FactorsDependencies {
  database: Database
  secondFactor: SecondFactor
  passkeys: Passkeys
  recoveryCodes: RecoveryCodes
  sealed: SealedText
  events: FactorEvents
  notices: AccountNotices
  announce: UsersDependencies['announce']
  now(): number
}

export type FactorsService = ReturnType<typeof createFactorsService>

/** What a person does to protect their own account. */
export function createFactorsService({
  database,
  secondFactor,
  passkeys,
  recoveryCodes,
  sealed,
  events,
  notices,
  announce,
  now,
}: FactorsDependencies) {
  const { TotpFactor, User } = database.models
  const confirmed = (userId: string) => ({ userId, confirmedAt: { [Op.ne]: null } })

  return {
    async list({ userId }: SessionPrincipal): Promise<Factors> {
      const totp = await TotpFactor.findOne({ where: confirmed(userId) })
      return {
        totp: totp?.confirmedAt ? { confirmed_at: totp.confirmedAt.toISOString() } : null,
        passkeys: (await passkeys.ofUser(userId)).map(toPasskey),
        recovery_codes_left: await recoveryCodes.left(userId),
      }
    },

    /**
     * Makes the key of an authenticator app. Until a first code is confirmed it protects nothing and keeps nobody out.
     *
     * @throws {AppError} `factor_exists`, or `factor_unavailable` where nothing can be kept
     */
    async beginTotp(principal: SessionPrincipal): Promise<TotpEnrolment> {
      const { userId } = principal
      if (!sealed.lasts) throw unavailable()
      const secret = await makeTotpSecret()
      const email = await database.write(async (transaction) => {
        const user = await User.findByPk(userId, { attributes: ['id', 'email'], lock: true, transaction })
        if (!user) throw sessionEnded()
        if (await TotpFactor.findOne({ where: confirmed(userId), transaction })) throw exists()
        await TotpFactor.upsert(
          {
            userId,
            sealedSecret: sealed.seal(secret, contextOf(userId)),
            createdAt: new Date(now()),
            confirmedAt: null,
            lastStep: null,
          },
          { transaction },
        )
        events.begun(principal, 'totp', transaction)
        return user.email
      })
      return { secret, uri: await totpUri(secret, email) }
    },

    /**
     * Takes the first code of an authenticator app; from now on signing in asks for one.
     *
     * @returns recovery codes, where this is the first factor; nobody sees them again
     * @throws {AppError} `wrong_code`, `factor_exists`, or `not_found` where none was begun in the last quarter of an hour
     */
    async confirmTotp(principal: SessionPrincipal, code: string): Promise<FactorAdded> {
      const { userId } = principal
      const added = await database.write(async (transaction) => {
        await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        const row = await TotpFactor.findOne({ where: { userId }, lock: true, transaction })
        if (row?.confirmedAt) throw exists()
        if (!row || row.createdAt.getTime() <= now() - ENROLMENT_MS) throw new NotFoundError('new authenticator app')
        const secret = sealed.open(row.sealedSecret, contextOf(userId))
        if (secret === undefined) throw factorUnreadable()
        const step = await findTotpStep(secret, code, now())
        if (step === undefined) return undefined
        await row.update({ confirmedAt: new Date(now()), lastStep: step }, { transaction })
        events.confirmed(principal, 'totp', transaction)
        transaction.afterCommit(() => notices.factorAdded(userId, 'totp'))
        await announce({ userId, ...NOTHING_ENDED }, transaction)
        return { recovery_codes: await recoveryCodes.first(userId, transaction) }
      })
      if (added) return added
      events.confirmationRefused(principal, 'totp')
      throw wrongCode()
    },

    /** @throws {NotFoundError} there is none */
    async removeTotp(principal: SessionPrincipal): Promise<void> {
      const { userId } = principal
      await database.write(async (transaction) => {
        await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        if ((await TotpFactor.destroy({ where: confirmed(userId), transaction })) === 0)
          throw new NotFoundError('authenticator app')
        await secondFactor.settleRemoval(userId, transaction)
        events.removed(principal, 'totp', transaction)
        transaction.afterCommit(() => notices.factorRemoved(userId, 'totp'))
        await announce({ userId, ...NOTHING_ENDED }, transaction)
      })
    },

    /** Makes ten new recovery codes; the ones before are void. @throws {NotFoundError} there is nothing to recover */
    async replaceRecoveryCodes(principal: SessionPrincipal): Promise<RecoveryCodesReply> {
      const { userId } = principal
      return database.write(async (transaction) => {
        await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        if ((await secondFactor.methodsOf(userId, transaction)).length === 0) throw new NotFoundError('second factor')
        events.recoveryCodesReplaced(principal, transaction)
        return { recovery_codes: await recoveryCodes.replace(userId, transaction) }
      })
    },
  }
}

const exists = () =>
  new AppError('factor_exists', 409, 'Your account has an authenticator app already: remove it before you add another.')

const unavailable = () =>
  new AppError(
    'factor_unavailable',
    409,
    'This server keeps no key beyond its end, so it cannot keep an authenticator app: set SECRET_KEY or start a keychain, then start it again.',
  )
