import type { Transaction } from 'sequelize'
import type { PasskeyOptions, PasskeyRequest } from '../../../contracts/passkeys'
import type { Database } from '../../db/database'
import { AppError } from '../../errors'
import { challengeExpired } from '../refusals'
import { rawRow, toRole, toUser } from '../user-rows'
import type { Challenges } from './challenges'
import type { Passkeys } from './passkeys'
import type { SecondFactor, SecondStep } from './second-factor'
import { challengeIn, type RelyingParty, requestOptions } from './webauthn'

export interface PasskeySignInDependencies {
  database: Database
  challenges: Challenges
  passkeys: Passkeys
  secondFactor: SecondFactor
}

export type PasskeySignIn = ReturnType<typeof createPasskeySignIn>

/**
 * Passkeys at sign-in: after the password in place of a code, or alone. Alone it must have made sure of its owner, by
 * a finger or a PIN, and so is two factors in one. Its challenge is the secret of the sign-in it belongs to.
 */
export function createPasskeySignIn({ database, challenges, passkeys, secondFactor }: PasskeySignInDependencies) {
  const { User } = database.models

  return {
    /** @throws {UnauthenticatedError} `challenge_expired` @throws {AppError} `passkeys_unavailable` */
    async options(site: RelyingParty, challenge?: string): Promise<PasskeyOptions> {
      if (challenge === undefined) {
        const issued = await database.write((transaction) =>
          challenges.issue({ purpose: 'passkey-sign-in', userId: null }, transaction),
        )
        return { options: { ...(await requestOptions(site, issued, [])) } }
      }
      const row = await challenges.find(challenge, 'second-factor')
      if (!row?.userId) throw challengeExpired()
      const known = await passkeys.ofUserAt(row.userId, site)
      if (known.length === 0) throw noneHere(site)
      return { options: { ...(await requestOptions(site, challenge, known)) } }
    },

    /** Takes the answer of an authenticator, to either kind of challenge. */
    async answer(
      site: RelyingParty,
      credential: PasskeyRequest['credential'],
      transaction: Transaction,
    ): Promise<SecondStep | { outcome: 'inactive' }> {
      const challenge = challengeIn(credential)
      const row = await challenges.find(challenge, ['second-factor', 'passkey-sign-in'], transaction)
      if (!row) return { outcome: 'expired' }
      if (row.purpose === 'second-factor')
        return secondFactor.answer(
          challenge,
          async (userId) =>
            (await passkeys.use(site, challenge, credential, userId, transaction)) ? 'passkey' : undefined,
          transaction,
        )
      const passkey = await passkeys.use(site, challenge, credential, null, transaction)
      if (!passkey) {
        await challenges.miss(row, transaction)
        return { outcome: 'wrong', userId: null }
      }
      await challenges.spend(row, transaction)
      const user = await User.findByPk(passkey.userId, { lock: transaction.LOCK.SHARE, transaction })
      if (!user || !toUser(rawRow(user)).is_active) return { outcome: 'inactive' }
      return { outcome: 'proved', user: toUser(rawRow(user)), role: toRole(user.role), method: 'passkey' }
    },
  }
}

export const noneHere = ({ id }: RelyingParty) =>
  new AppError('passkeys_unavailable', 409, `None of your passkeys was made for ${id}: use another way to confirm.`)
