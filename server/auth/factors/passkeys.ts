import type { Transaction } from 'sequelize'
import type { PasskeyRequest } from '../../../contracts/passkeys'
import type { Models } from '../../models'
import type { PasskeyRow } from '../../models/passkey'
import { checkSignature, type RelyingParty } from './webauthn'

export type Passkeys = ReturnType<typeof createPasskeys>

/** The rows of the passkeys table, and whether somebody has the authenticator that belongs to one. */
export function createPasskeys({ Passkey }: Models, now: () => number) {
  return {
    ofUser: (userId: string, transaction?: Transaction): Promise<PasskeyRow[]> =>
      Passkey.findAll({ where: { userId }, order: [['createdAt', 'ASC']], ...(transaction && { transaction }) }),

    /** Those that can answer on a page of this site. */
    ofUserAt: (userId: string, site: RelyingParty): Promise<PasskeyRow[]> =>
      Passkey.findAll({ where: { userId, rpId: site.id }, order: [['createdAt', 'ASC']] }),

    /**
     * The passkey that signed for a challenge; its use is noted.
     *
     * @param owner whose it must be; anybody's where nobody has said who they are, and then it must have made sure of
     *   its owner
     */
    async use(
      site: RelyingParty,
      challenge: string,
      credential: PasskeyRequest['credential'],
      owner: string | null,
      transaction: Transaction,
    ): Promise<PasskeyRow | undefined> {
      const row = await Passkey.findOne({
        where: { credentialId: credential.id, rpId: site.id, ...(owner !== null && { userId: owner }) },
        lock: true,
        transaction,
      })
      if (!row) return undefined
      const signCount = await checkSignature(site, challenge, credential, row, owner === null)
      if (signCount === undefined) return undefined
      return row.update({ signCount, lastUsedAt: new Date(now()) }, { transaction })
    },
  }
}
