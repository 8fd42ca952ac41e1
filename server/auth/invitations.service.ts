import { Op, type WhereOptions } from 'sequelize'
import { z } from 'zod'
import type { Invitation, InvitationList, InvitationMade, NewInvitation } from '../../contracts/invitations'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { NotFoundError } from '../errors'
import type { InvitationRow } from '../models/invitation'
import { fromCursor, toCursor } from './cursors'
import { makeInvitationToken } from './invitations'
import type { SessionPrincipal } from './principal'
import { toRole } from './user-rows'

const DAY_MS = 86_400_000
const PAGE_SIZE = 25
const place = z.tuple([z.iso.datetime(), z.string()]) // created_at and id of the last row

export type InvitationsService = ReturnType<typeof createInvitationsService>

/** What an administrator does with invitations. */
export function createInvitationsService(
  { models: { Invitation, User }, write }: Database,
  audit: Audit,
  now: () => number,
) {
  /** Names of those who made or used them, in one query. */
  async function named(rows: InvitationRow[]): Promise<Invitation[]> {
    const ids = rows.flatMap(({ createdBy, acceptedBy }) => [createdBy, acceptedBy].filter((id) => id !== null))
    const users = await User.findAll({ where: { id: [...new Set(ids)] }, attributes: ['id', 'name'], raw: true })
    const names = new Map(users.map(({ id, name }) => [id, name]))
    const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
    return rows.map((row) => ({
      id: row.id,
      state: stateOf(row, now()),
      email: row.email,
      role: toRole(row.role),
      invited_by: nameOf(row.createdBy),
      accepted_by: nameOf(row.acceptedBy),
      created_at: row.createdAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
    }))
  }

  return {
    /** Makes an invitation; the token in the answer is shown once, and stored as a hash. */
    async create(
      principal: SessionPrincipal,
      { email, role, expires_in_days: days }: NewInvitation,
    ): Promise<InvitationMade> {
      const { token, tokenHash } = makeInvitationToken()
      const row = await write(async (transaction) => {
        const made = await Invitation.create(
          {
            tokenHash,
            email: email ?? null,
            role,
            createdBy: principal.userId,
            createdAt: new Date(now()),
            expiresAt: new Date(now() + days * DAY_MS),
            acceptedBy: null,
            acceptedAt: null,
            revokedAt: null,
          },
          { transaction },
        )
        const target = { type: 'invitation', id: made.id } as const
        audit.record({ action: 'invitation.created', by: actorOf(principal), target, details: { role } }, transaction)
        return made
      })
      const [invitation] = await named([row])
      return { invitation: invitation as Invitation, token }
    },

    /** All that there were, the newest first. @throws {ValidationError} the cursor is not one of this list */
    async list(_principal: SessionPrincipal, cursor: string | undefined): Promise<InvitationList> {
      const where = cursor === undefined ? {} : olderThan(fromCursor(cursor, place))
      const order: [string, string][] = [
        ['createdAt', 'DESC'],
        ['id', 'DESC'],
      ]
      const rows = await Invitation.findAll({ where, order, limit: PAGE_SIZE + 1 })
      const page = rows.slice(0, PAGE_SIZE)
      const last = rows.length > PAGE_SIZE ? page.at(-1) : undefined
      return {
        invitations: await named(page),
        total: await Invitation.count(),
        next_cursor: last ? toCursor([last.createdAt.toISOString(), last.id]) : null,
      }
    },

    /** Takes an invitation back. @throws {NotFoundError} there is none that is open */
    async revoke(principal: SessionPrincipal, id: string): Promise<void> {
      const open = { id, acceptedAt: null, revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } }
      await write(async (transaction) => {
        const [count] = await Invitation.update({ revokedAt: new Date(now()) }, { where: open, transaction })
        if (count === 0) throw new NotFoundError('open invitation')
        const target = { type: 'invitation', id } as const
        audit.record({ action: 'invitation.revoked', by: actorOf(principal), target }, transaction)
      })
    },
  }
}

function olderThan([createdAt, id]: [string, string]): WhereOptions<InvitationRow> {
  const at = new Date(createdAt)
  return { [Op.or]: [{ createdAt: { [Op.lt]: at } }, { createdAt: at, id: { [Op.lt]: id } }] }
}

function stateOf({ acceptedAt, revokedAt, expiresAt }: InvitationRow, now: number): Invitation['state'] {
  if (acceptedAt) return 'accepted'
  if (revokedAt) return 'revoked'
  return expiresAt.getTime() > now ? 'open' : 'expired'
}
