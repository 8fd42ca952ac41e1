import type { Transaction } from 'sequelize'
import type { User } from '../../contracts/auth'
import type { DeleteAccountRequest, UpdateProfileRequest } from '../../contracts/profile'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import { leaveWorkspaces } from '../ledger/leave-workspaces'
import type { UserRow } from '../models/user'
import { refuseLastAdministrator } from './administrators'
import type { PasswordProof } from './password-proof'
import type { SessionPrincipal } from './principal'
import { sessionEnded } from './refusals'
import type { Sessions } from './sessions'
import { rawRow, toUser } from './user-rows'
import type { UsersDependencies } from './users.service'

const user = (id: string) => ({ type: 'user', id }) as const

export interface ProfileDependencies {
  database: Database
  sessions: Sessions
  withPassword: PasswordProof
  announce: UsersDependencies['announce']
  audit: Audit
}

export type ProfileService = ReturnType<typeof createProfileService>

/** What people change about their own account, up to ending it. */
export function createProfileService({ database, sessions, withPassword, announce, audit }: ProfileDependencies) {
  const { models, write } = database
  return {
    /** @throws {UnauthenticatedError} the account is gone or not active any more */
    async update(principal: SessionPrincipal, { name }: UpdateProfileRequest): Promise<User> {
      return write(async (transaction) => {
        const row = await models.User.findByPk(principal.userId, { lock: true, transaction })
        if (!row || !toUser(rawRow(row)).is_active) throw sessionEnded()
        await row.update({ name }, { transaction })
        audit.record({ action: 'account.renamed', by: actorOf(principal), target: user(row.id) }, transaction)
        await announce({ userId: row.id, revoked: [], cutOffs: [] }, transaction)
        return toUser(rawRow(row))
      })
    },

    /**
     * Removes the principal's account; every session of theirs ends, and what they recorded stays.
     *
     * @throws {AppError} `wrong_password`, `last_administrator`, `workspace_owner`
     */
    async delete(principal: SessionPrincipal, { password }: DeleteAccountRequest, signal?: AbortSignal): Promise<void> {
      const about = { by: actorOf(principal), target: user(principal.userId) }
      const remove = async (row: UserRow, transaction: Transaction) => {
        await refuseLastAdministrator(models, row.id, transaction)
        const ended = await sessions.revokeAll(row.id, transaction)
        await leaveWorkspaces(database, audit, row.id, about.by, transaction)
        await row.destroy({ transaction })
        await announce({ userId: row.id, ...ended }, transaction)
        audit.record({ action: 'account.deleted', ...about }, transaction)
      }
      try {
        await withPassword(principal, password, remove, signal)
      } catch (error) {
        if (error instanceof AppError && error.code === 'wrong_password')
          audit.recordFailure({ alike: `deletion ${principal.userId}` }, async () => ({
            action: 'account.deleted',
            outcome: 'failure',
            details: { reason: 'wrong_password' },
            ...about,
          }))
        throw error
      }
    },
  }
}
