import { QueryTypes } from 'sequelize'
import type { FactorPolicy } from '../../../contracts/factor-administration'
import type { Actor } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Database } from '../../db/database'
import { NotFoundError } from '../../errors'
import type { AccountNotices } from '../account-notices'
import type { Sessions } from '../sessions'
import type { UsersDependencies } from '../users.service'
import type { Requirement } from './requirement'

export interface FactorAdministrationDependencies {
  database: Database
  sessions: Sessions
  requirement: Requirement
  announce: UsersDependencies['announce']
  audit: Audit
  notices: AccountNotices
}

export type FactorAdministration = ReturnType<typeof createFactorAdministration>

/** What administrators decide about second factors, over HTTP or at the command line of the machine. */
export function createFactorAdministration({
  database,
  sessions,
  requirement,
  announce,
  audit,
  notices,
}: FactorAdministrationDependencies) {
  const { User, TotpFactor, Passkey, RecoveryCode, AuthChallenge } = database.models

  async function look(): Promise<FactorPolicy> {
    const [found] = await database.sequelize.query<Record<string, unknown>>(
      `SELECT COUNT(*) AS users, COUNT(CASE WHEN
         EXISTS (SELECT 1 FROM totp_factors WHERE user_id = users.id AND confirmed_at IS NOT NULL) OR
         EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id) THEN 1 END) AS protected
       FROM users WHERE is_active = :yes`,
      { replacements: { yes: true }, type: QueryTypes.SELECT },
    )
    return {
      required: requirement.isRequired(),
      users: Number(found?.users),
      protected_users: Number(found?.protected),
    }
  }

  return {
    look,

    /** Counts at once, on every node: whoever has no second factor can only set one up from then on. */
    async require(actor: Actor, required: boolean): Promise<FactorPolicy> {
      await database.write(async (transaction) => {
        if (!(await requirement.store(required, transaction))) return
        audit.record({ action: 'server.second_factor_required', by: actor, details: { required } }, transaction)
        const nobodysTokens = { revoked: [], cutOffs: [] }
        await announce({ userId: actor.userId ?? '', ...nobodysTokens, secondFactorRequired: required }, transaction)
      })
      requirement.note(required)
      return look()
    },

    /**
     * Takes every second factor off an account whose owner has lost them, and ends its sessions: whoever comes back
     * does so with the password, and sets up anew.
     *
     * @throws {NotFoundError} no such user
     */
    async reset(actor: Actor, userId: string): Promise<void> {
      await database.write(async (transaction) => {
        const row = await User.findByPk(userId, { attributes: ['id'], lock: true, transaction })
        if (!row) throw new NotFoundError('user')
        const own = { where: { userId }, transaction }
        await TotpFactor.destroy(own)
        await Passkey.destroy(own)
        await RecoveryCode.destroy(own)
        await AuthChallenge.destroy(own)
        const target = { type: 'user', id: userId } as const
        transaction.afterCommit(() => notices.factorsReset(userId))
        audit.record({ action: 'factor.reset', by: actor, account: userId, target }, transaction)
        await announce({ userId, ...(await sessions.revokeAll(userId, transaction)) }, transaction)
      })
    },
  }
}
