import type { Lock } from '../../contracts/admin'
import { normaliseEmail } from '../../contracts/auth'
import type { Actor } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import type { Limits } from '../limits/limits'
import { accountPolicies } from '../limits/rules'
import type { UserAdministration } from './user-administration'

export type LockAdministration = ReturnType<typeof createLockAdministration>

/** What failed attempts have locked, and how an administrator opens it before its time. */
export function createLockAdministration(
  database: Database,
  limits: Limits,
  users: Pick<UserAdministration, 'get'>,
  audit: Audit,
) {
  async function policiesOf(id: string) {
    const { email } = await users.get(id)
    return accountPolicies.map(({ attempt, policy, names }) => ({
      attempt,
      policy,
      account: names === 'id' ? id : normaliseEmail(email),
    }))
  }

  return {
    /** @throws {NotFoundError} no such user */
    async locksOf(id: string): Promise<Lock[]> {
      const found = (await policiesOf(id)).map(async ({ attempt, policy, account }) =>
        (await limits.failuresOf(policy, account)).map(({ scope, failures, lockedUntil }) => ({
          attempt,
          place: scope === 'pair' ? ('one_address' as const) : ('other_addresses' as const),
          failures,
          locked_until: lockedUntil === null ? null : new Date(lockedUntil).toISOString(),
        })),
      )
      return (await Promise.all(found)).flat()
    },

    /** Forgets the failed attempts on an account. @throws {NotFoundError} no such user */
    async unlock(actor: Actor, id: string): Promise<void> {
      const policies = await policiesOf(id)
      const found = await Promise.all(policies.map(({ policy, account }) => limits.failuresOf(policy, account)))
      await database.write(async (transaction) => {
        const about = { account: id, target: { type: 'user', id } } as const
        audit.record({ action: 'user.unlocked', by: actor, ...about }, transaction)
        await limits.forgive(found.flat(), transaction)
      })
    },
  }
}
