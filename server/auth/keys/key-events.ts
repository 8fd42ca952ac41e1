import type { Transaction } from 'sequelize'
import type { AuditDetails } from '../../../contracts/audit'
import type { KeyScope } from '../../../contracts/scopes'
import { type Actor, actorOf, anonymous, type RequestOrigin } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import { networkOf } from '../../limits/address'
import type { KeyPrincipal, SessionPrincipal } from '../principal'

export type RefusalReason = AuditDetails<'api_key.refused'>['reason']

/** Whose key it was that was refused, where it is one. */
export interface RefusedKey {
  keyId: string
  userId: string
}

export type KeyEvents = ReturnType<typeof createKeyEvents>

const apiKey = (id: string) => ({ type: 'api_key', id }) as const

/** What the audit log says of API keys: never the key, nor a name that somebody typed. */
export function createKeyEvents(audit: Audit) {
  const about = (principal: SessionPrincipal | KeyPrincipal, id: string) => ({
    by: actorOf(principal),
    target: apiKey(id),
  })

  return {
    created(principal: SessionPrincipal, id: string, details: AuditDetails<'api_key.created'>, inside: Transaction) {
      audit.record({ action: 'api_key.created', ...about(principal, id), details }, inside)
    },
    rotated(principal: SessionPrincipal, id: string, graceSeconds: number, inside: Transaction) {
      const details = { grace_seconds: graceSeconds }
      audit.record({ action: 'api_key.rotated', ...about(principal, id), details }, inside)
    },
    previousEnded(principal: SessionPrincipal, id: string, inside: Transaction) {
      audit.record({ action: 'api_key.previous_ended', ...about(principal, id) }, inside)
    },
    revoked(principal: SessionPrincipal, id: string, inside: Transaction) {
      audit.record({ action: 'api_key.revoked', ...about(principal, id) }, inside)
    },
    firstUsed(key: RefusedKey, origin: RequestOrigin, inside: Transaction) {
      const by: Actor = { kind: 'api_key', userId: key.userId, credentialId: key.keyId, origin }
      audit.record({ action: 'api_key.first_used', by, target: apiKey(key.keyId) }, inside)
    },

    refused(reason: RefusalReason, key: RefusedKey | undefined, origin: RequestOrigin): void {
      const alike = `api-key\n${reason}\n${key?.keyId ?? ''}\n${networkOf(origin.address)}`
      audit.recordFailure({ alike }, async () => ({
        action: 'api_key.refused',
        by: anonymous(origin),
        outcome: 'failure',
        account: key?.userId ?? null,
        ...(key && { target: apiKey(key.keyId) }),
        details: { reason },
      }))
    },
  }
}

/** The details of a new key, in the words of the audit log. */
export const detailsOfNew = (scopes: KeyScope[], lifeSeconds: number | null) => ({
  scopes,
  expires: lifeSeconds !== null,
})
