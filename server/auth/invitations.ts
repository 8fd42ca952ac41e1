import { createHash, randomBytes } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type { InvitationOffer } from '../../contracts/registration'
import type { Actor } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import type { InvitationRow } from '../models/invitation'
import { toRole } from './user-rows'

const SECRET_BYTES = 32

export type Invitations = ReturnType<typeof createInvitations>

/** Invitations as those use them who were invited; the administrator's side is `invitations.service.ts`. */
export function createInvitations({ models: { Invitation } }: Database, audit: Audit, now: () => number) {
  const isOpen = (row: InvitationRow) =>
    row.acceptedAt === null && row.revokedAt === null && row.expiresAt.getTime() > now()

  async function findOpen(token: string, transaction?: Transaction): Promise<InvitationRow> {
    const row = await Invitation.findOne({
      where: { tokenHash: hashOf(token) },
      ...(transaction && { lock: transaction.LOCK.UPDATE, transaction }),
    })
    if (!row || !isOpen(row)) throw invitationInvalid()
    return row
  }

  return {
    /** @throws {AppError} `invitation_invalid`: unknown, used, revoked or expired; nobody learns which */
    async look(token: string): Promise<InvitationOffer> {
      const { email, role, expiresAt } = await findOpen(token)
      return { email, role: toRole(role), expires_at: expiresAt.toISOString() }
    },

    /**
     * Uses an invitation up. Of two who try at once, one finds it open.
     *
     * @throws {AppError} `invitation_invalid`, also when it is for another address
     */
    async accept(
      token: string,
      user: { id: string; email: string },
      by: Actor,
      transaction: Transaction,
    ): Promise<void> {
      const row = await findOpen(token, transaction)
      if (row.email !== null && row.email !== user.email) throw forAnotherAddress()
      await row.update({ acceptedBy: user.id, acceptedAt: new Date(now()) }, { transaction })
      const about = { account: user.id, target: { type: 'invitation', id: row.id } } as const
      const details = { role: toRole(row.role) }
      audit.record({ action: 'invitation.accepted', by, ...about, details }, transaction)
    },
  }
}

export function makeInvitationToken(): { token: string; tokenHash: string } {
  const token = randomBytes(SECRET_BYTES).toString('base64url')
  return { token, tokenHash: hashOf(token) }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function invitationInvalid(): AppError {
  return new AppError(
    'invitation_invalid',
    400,
    'This invitation does not count any more, or never did: ask an administrator for a new one.',
  )
}

function forAnotherAddress(): AppError {
  return new AppError('invitation_invalid', 400, 'This invitation is for another e-mail address: use that one.')
}
