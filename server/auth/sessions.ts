import { Op, QueryTypes, type Transaction, type WhereOptions } from 'sequelize'
import type { Database } from '../db/database'
import type { SessionRow } from '../models/session'
import type { RevokedSession } from './revocations'

// A token is signed after its session is stored, and clocks of nodes differ: the row outlives the token by a minute.
const MARGIN_MS = 60_000
const DAY_MS = 86_400_000
const IDLE_MS = 14 * DAY_MS
const ABSOLUTE_MS = 90 * DAY_MS

/** Where a session is used, as the request shows it. */
export interface Caller {
  address: string
  userAgent: string
  /** Whether it is a page of ours, which keeps its session for weeks; a script's lasts as long as its token. */
  isPage: boolean
}

export type Sessions = ReturnType<typeof createSessions>

/** The rows of the sessions table: who signed in, where, until when, and which of them ended before their time. */
export function createSessions(
  { models: { Session }, sequelize }: Database,
  tokenLifetimeSeconds: number,
  now: () => number,
) {
  const tokenLifeMs = tokenLifetimeSeconds * 1000 + MARGIN_MS
  /** When the last token of a session that ends now is dead anyway. */
  const lastTokenDead = () => Math.ceil((now() + tokenLifeMs) / 1000)

  async function revoke(where: WhereOptions<SessionRow>, transaction: Transaction): Promise<RevokedSession[]> {
    const unexpired = { [Op.and]: [where, { expiresAt: { [Op.gt]: new Date(now()) } }] }
    const rows = await Session.findAll({ where: unexpired, attributes: ['id'], raw: true, transaction })
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0)
      await Session.update({ revokedAt: new Date(now()) }, { where: { id: ids, revokedAt: null }, transaction })
    return ids.map((id) => ({ id, expiresAt: lastTokenDead() }))
  }

  return {
    async open(userId: string, { address, userAgent, isPage }: Caller, transaction: Transaction): Promise<string> {
      const { id } = await Session.create(
        {
          userId,
          createdAt: new Date(now()),
          lastSeenAt: new Date(now()),
          expiresAt: new Date(now() + (isPage ? IDLE_MS : tokenLifeMs)),
          address,
          userAgent: userAgent.slice(0, 512),
        },
        { transaction },
      )
      return id
    },

    /** Moves the end of a session on: 14 days from now, but never past 90 days from its start. */
    async renew(session: SessionRow, { address, userAgent }: Caller, transaction: Transaction): Promise<void> {
      const expiresAt = new Date(Math.min(now() + IDLE_MS, session.createdAt.getTime() + ABSOLUTE_MS))
      const seen = { lastSeenAt: new Date(now()), address, userAgent: userAgent.slice(0, 512) }
      await session.update({ expiresAt, ...seen }, { transaction })
    },

    /** Whether a session has a row and has not ended early; the row stays locked, so that it cannot end meanwhile. */
    async isLive(id: string, transaction: Transaction): Promise<boolean> {
      const row = await Session.findByPk(id, { attributes: ['revokedAt'], lock: true, transaction })
      return row?.revokedAt === null
    },

    /** A user's sessions that can still be used, the one used last first. */
    findLive: (userId: string) =>
      Session.findAll({
        where: { userId, revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } },
        order: [
          ['lastSeenAt', 'DESC'],
          ['id', 'ASC'],
        ],
      }),

    /** Ends one session. It is answered even where it had ended before: this node may not have heard of that yet. */
    revokeOne: (id: string, transaction: Transaction, owner?: string) =>
      revoke(owner === undefined ? { id } : { id, userId: owner, revokedAt: null }, transaction),

    /**
     * Ends every session of a user, but for one where it is named. The caller holds the lock of the user's row, so
     * that no session is opened meanwhile.
     */
    revokeAll: (userId: string, transaction: Transaction, except?: string) =>
      revoke({ userId, revokedAt: null, ...(except === undefined ? {} : { id: { [Op.ne]: except } }) }, transaction),

    /** Every session that may have live tokens which must not count: revoked, or of a user who is gone or inactive. */
    async findRevoked(): Promise<RevokedSession[]> {
      const rows = await sequelize.query<{ id: string }>(
        `SELECT sessions.id FROM sessions LEFT JOIN users ON users.id = sessions.user_id
         WHERE sessions.revoked_at > :since
            OR sessions.expires_at > :now AND sessions.revoked_at IS NULL AND (users.is_active IS NULL OR users.is_active <> :yes)`,
        {
          replacements: { now: new Date(now()), since: new Date(now() - tokenLifeMs), yes: true },
          type: QueryTypes.SELECT,
        },
      )
      return rows.map(({ id }) => ({ id, expiresAt: lastTokenDead() }))
    },

    /** Forgets sessions whose last token is dead, together with what could renew them. */
    async deleteExpired(transaction: Transaction): Promise<void> {
      await Session.destroy({ where: { expiresAt: { [Op.lt]: new Date(now() - tokenLifeMs) } }, transaction })
    },
  }
}
