import type { Transaction } from 'sequelize'
import type { FactorKind, ProofMethod } from '../../../contracts/factors'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import { networkOf } from '../../limits/address'
import type { SessionPrincipal } from '../principal'

export type FactorEvents = ReturnType<typeof createFactorEvents>

/** What the audit log says of second factors and fresh proofs, all of it about the person's own account. */
export function createFactorEvents(audit: Audit) {
  const own = (principal: SessionPrincipal) => ({
    by: actorOf(principal),
    target: { type: 'user', id: principal.userId } as const,
  })
  const alike = (what: string, { userId, origin }: SessionPrincipal) => ({
    alike: `${what}\n${userId}\n${networkOf(origin.address)}`,
  })

  return {
    begun(principal: SessionPrincipal, factor: FactorKind, transaction: Transaction): void {
      audit.record({ action: 'factor.begun', ...own(principal), details: { factor } }, transaction)
    },

    confirmed(principal: SessionPrincipal, factor: FactorKind, transaction: Transaction): void {
      audit.record({ action: 'factor.confirmed', ...own(principal), details: { factor } }, transaction)
    },

    confirmationRefused: (principal: SessionPrincipal, factor: FactorKind) =>
      audit.recordFailure(alike('factor', principal), async () => ({
        action: 'factor.confirmed',
        ...own(principal),
        outcome: 'failure',
        details: { factor },
      })),

    removed(principal: SessionPrincipal, factor: FactorKind, transaction: Transaction): void {
      audit.record({ action: 'factor.removed', ...own(principal), details: { factor } }, transaction)
    },

    recoveryCodesReplaced(principal: SessionPrincipal, transaction: Transaction): void {
      audit.record({ action: 'factor.recovery_codes_replaced', ...own(principal) }, transaction)
    },

    proved(principal: SessionPrincipal, method: ProofMethod, transaction: Transaction): void {
      audit.record({ action: 'session.proved', ...own(principal), details: { method } }, transaction)
    },

    proofRefused: (principal: SessionPrincipal, reason: 'wrong_password' | 'wrong_code' | 'wrong_passkey') =>
      audit.recordFailure(alike('proof', principal), async () => ({
        action: 'session.proved',
        ...own(principal),
        outcome: 'failure',
        details: { reason },
      })),
  }
}
