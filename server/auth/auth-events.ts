import type { Transaction } from 'sequelize'
import { normaliseEmail } from '../../contracts/auth'
import type { SecondFactorMethod } from '../../contracts/factors'
import { actorOf, anonymous, type RequestOrigin, signedIn } from '../audit/actor'
import type { Audit } from '../audit/audit'
import { networkOf } from '../limits/address'
import type { SessionPrincipal } from './principal'
import type { UsersService } from './users.service'

export type AuthEvents = ReturnType<typeof createAuthEvents>

const user = (id: string) => ({ type: 'user', id }) as const
const session = (id: string) => ({ type: 'session', id }) as const

/**
 * What the audit log says of signing in and out. A refusal names the account it was about where there is one, by its id:
 * the e-mail address somebody typed may be anything, even a password. Finding out takes the same work in both cases.
 */
export function createAuthEvents(audit: Audit, users: Pick<UsersService, 'findByEmail' | 'findById'>) {
  const alike = (what: string, account: string, { address }: RequestOrigin) =>
    `${what}\n${account}\n${networkOf(address)}`

  return {
    registered(userId: string, origin: RequestOrigin, transaction: Transaction): void {
      const by = { ...anonymous(origin), userId }
      audit.record({ action: 'account.registered', by, target: user(userId) }, transaction)
    },

    registrationRefused: (email: string, origin: RequestOrigin) =>
      audit.recordFailure({ alike: alike('registration', email, origin) }, async () => ({
        action: 'account.registered',
        by: anonymous(origin),
        outcome: 'failure',
        account: (await users.findByEmail(email))?.id ?? null,
        details: { reason: 'email_taken' },
      })),

    signedIn(
      userId: string,
      sessionId: string,
      origin: RequestOrigin,
      transaction: Transaction,
      secondFactor?: SecondFactorMethod,
    ): void {
      const by = signedIn(userId, sessionId, origin)
      const details = secondFactor ? { second_factor: secondFactor } : {}
      audit.record({ action: 'session.signed_in', by, target: session(sessionId), details }, transaction)
    },

    /** A code or passkey was not right; without a password before it, nobody knows whose it was meant to be. */
    factorRefused: (userId: string | null, reason: 'wrong_code' | 'wrong_passkey', origin: RequestOrigin) =>
      audit.recordFailure({ alike: alike(reason, userId ?? '', origin) }, async () => ({
        action: 'session.signed_in',
        by: anonymous(origin),
        outcome: 'failure',
        account: userId,
        details: { reason },
      })),

    signInRefused: (email: string, origin: RequestOrigin, why: 'credentials' | 'account_inactive') =>
      audit.recordFailure({ alike: alike(why, normaliseEmail(email), origin) }, async () => {
        const account = (await users.findByEmail(email))?.id ?? null
        const reason = why !== 'credentials' ? why : account === null ? 'unknown_account' : 'wrong_password'
        return { action: 'session.signed_in', by: anonymous(origin), outcome: 'failure', account, details: { reason } }
      }),

    signedOut(principal: SessionPrincipal, transaction: Transaction): void {
      const target = session(principal.sessionId)
      audit.record({ action: 'session.signed_out', by: actorOf(principal), target }, transaction)
    },

    refreshTokenReused(userId: string, sessionId: string, origin: RequestOrigin, transaction: Transaction): void {
      const about = { outcome: 'failure', account: userId, target: session(sessionId) } as const
      audit.record({ action: 'session.refresh_token_reused', by: anonymous(origin), ...about }, transaction)
    },

    /** Somebody showed the refresh token of a session without the key of its browser. */
    renewalRefused: (userId: string, sessionId: string, reason: 'no_proof' | 'wrong_proof', origin: RequestOrigin) =>
      audit.recordFailure({ alike: alike('renewal', sessionId, origin) }, async () => ({
        action: 'session.renewal_refused',
        by: anonymous(origin),
        outcome: 'failure',
        account: userId,
        target: session(sessionId),
        details: { reason },
      })),

    passwordChanged(principal: SessionPrincipal, transaction: Transaction): void {
      const target = user(principal.userId)
      audit.record({ action: 'account.password_changed', by: actorOf(principal), target }, transaction)
    },

    passwordChangeRefused: (principal: SessionPrincipal) =>
      audit.recordFailure({ alike: alike('password', principal.userId, principal.origin) }, async () => ({
        action: 'account.password_changed',
        by: actorOf(principal),
        outcome: 'failure',
        target: user(principal.userId),
        details: { reason: 'wrong_password' },
      })),

    /** @param account as the policy counts it: a user id, or an e-mail address in the one spelling that counts */
    limitReached: (policy: string, account: string, origin: RequestOrigin) =>
      audit.recordFailure({ alike: alike(policy, account, origin), most: 1 }, async () => {
        const found = account.includes('@') ? await users.findByEmail(account) : await users.findById(account)
        const about = { outcome: 'failure', account: found?.id ?? null, details: { policy } } as const
        return { action: 'limit.reached', by: anonymous(origin), ...about }
      }),
  }
}
