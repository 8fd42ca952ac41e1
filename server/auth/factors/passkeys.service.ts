import type { FactorAdded } from '../../../contracts/factors'
import type { NewPasskeyRequest, Passkey, PasskeyOptions } from '../../../contracts/passkeys'
import type { Database } from '../../db/database'
import { AppError, NotFoundError } from '../../errors'
import type { PasskeyRow } from '../../models/passkey'
import type { AccountNotices } from '../account-notices'
import type { SessionPrincipal } from '../principal'
import { sessionEnded, wrongPasskey } from '../refusals'
import type { UsersDependencies } from '../users.service'
import type { Challenges } from './challenges'
import type { FactorEvents } from './factor-events'
import type { Passkeys } from './passkeys'
import type { RecoveryCodes } from './recovery-codes'
import type { SecondFactor } from './second-factor'
import { challengeIn, checkCreation, creationOptions, type RelyingParty } from './webauthn'

const NOTHING_ENDED = { revoked: [], cutOffs: [] }
const MOST_PASSKEYS = 20

export interface PasskeysServiceDependencies {
  database: Database
  challenges: Challenges
  passkeys: Passkeys
  secondFactor: SecondFactor
  recoveryCodes: RecoveryCodes
  events: FactorEvents
  notices: AccountNotices
  announce: UsersDependencies['announce']
  now(): number
}

export type PasskeysService = ReturnType<typeof createPasskeysService>

/** The passkeys of a person's own account. */
export function createPasskeysService({
  database,
  challenges,
  passkeys,
  secondFactor,
  recoveryCodes,
  events,
  notices,
  announce,
  now,
}: PasskeysServiceDependencies) {
  const { Passkey, User } = database.models

  return {
    /** What the page asks an authenticator to make. @throws {AppError} `factor_exists` there are twenty already */
    async begin({ userId, sessionId }: SessionPrincipal, site: RelyingParty): Promise<PasskeyOptions> {
      const user = await User.findByPk(userId, { attributes: ['id', 'email', 'name'] })
      if (!user) throw sessionEnded()
      const known = await passkeys.ofUser(userId)
      if (known.length >= MOST_PASSKEYS) throw tooMany()
      const challenge = await database.write((transaction) =>
        challenges.issue({ purpose: 'new-passkey', userId, sessionId }, transaction),
      )
      return { options: { ...(await creationOptions(site, user, challenge, known)) } }
    },

    /**
     * Keeps what the authenticator made. It counts at once, and with the first factor come recovery codes.
     *
     * @throws {AppError} `wrong_passkey` made for something else, too late, or known already
     */
    async add(
      principal: SessionPrincipal,
      site: RelyingParty,
      { name, credential }: NewPasskeyRequest,
    ): Promise<FactorAdded> {
      const { userId, sessionId } = principal
      const challenge = challengeIn(credential)
      return database.write(async (transaction) => {
        await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        const row = await challenges.find(challenge, 'new-passkey', transaction)
        if (row?.userId !== userId || row.sessionId !== sessionId) throw wrongPasskey()
        const made = await checkCreation(site, challenge, credential)
        if (!made || (await Passkey.findOne({ where: { credentialId: made.credentialId }, transaction })))
          throw wrongPasskey()
        await challenges.spend(row, transaction)
        await Passkey.create({ ...made, userId, rpId: site.id, name, createdAt: new Date(now()) }, { transaction })
        events.confirmed(principal, 'passkey', transaction)
        transaction.afterCommit(() => notices.factorAdded(userId, 'passkey'))
        await announce({ userId, ...NOTHING_ENDED }, transaction)
        return { recovery_codes: await recoveryCodes.first(userId, transaction) }
      })
    },

    /** @throws {NotFoundError} they have no such passkey */
    async remove(principal: SessionPrincipal, id: string): Promise<void> {
      const { userId } = principal
      await database.write(async (transaction) => {
        await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        if ((await Passkey.destroy({ where: { id, userId }, transaction })) === 0) throw new NotFoundError('passkey')
        events.removed(principal, 'passkey', transaction)
        transaction.afterCommit(() => notices.factorRemoved(userId, 'passkey'))
        await announce({ userId, ...NOTHING_ENDED }, transaction)
        await secondFactor.settleRemoval(userId, transaction)
      })
    },
  }
}

export function toPasskey({ id, name, rpId, createdAt, lastUsedAt }: PasskeyRow): Passkey {
  return {
    id,
    name,
    site: rpId,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
  }
}

const tooMany = () =>
  new AppError('factor_exists', 409, `Your account has ${MOST_PASSKEYS} passkeys: remove one before you add another.`)
