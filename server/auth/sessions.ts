import { Op, QueryTypes, type Transaction } from 'sequelize'
import type { Database } from '../db/database'
import type { RevokedSession } from './revocations'

// A token is signed after its session is stored, and clocks of nodes differ: the row outlives the token by a minute.
const MARGIN_MS = 60_000

export type Sessions = ReturnType<typeof createSessions>

/** The rows of the sessions table: who signed in, until when, and which of them ended before their time. */
export function createSessions({ models: { Session }, sequelize }: Database, now: () => number) {
  async function revoke(where: Record<string, unknown>, transaction: Transaction): Promise<RevokedSession[]> {
    const unexpired = { ...where, expiresAt: { [Op.gt]: new Date(now()) } }
    const rows = await Session.findAll({ where: unexpired, attributes: ['id', 'expiresAt'], raw: true, transaction })
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0)
      await Session.update({ revokedAt: new Date(now()) }, { where: { id: ids, revokedAt: null }, transaction })
    return rows.map(({ id, expiresAt }) => ({ id, expiresAt: toSeconds(expiresAt) }))
  }

  return {
    async open(userId: string, lifetimeSeconds: number, transaction: Transaction): Promise<string> {
      const { id } = await Session.create(
        { userId, createdAt: new Date(now()), expiresAt: new Date(now() + lifetimeSeconds * 1000 + MARGIN_MS) },
        { transaction },
      )
      return id
    },

    /** Ends one session. It is answered even where it had ended before: this node may not have heard of that yet. */
    revokeOne: (id: string, transaction: Transaction) => revoke({ id }, transaction),

    /**
     * Ends every session of a user, but for one where it is named. The caller holds the lock of the user's row, so
     * that no session is opened meanwhile.
     */
    revokeAll: (userId: string, transaction: Transaction, except?: string) =>
      revoke({ userId, revokedAt: null, ...(except === undefined ? {} : { id: { [Op.ne]: except } }) }, transaction),

    /** Every session whose tokens have not expired but must not count: revoked, or of a user who is gone or inactive. */
    async findRevoked(): Promise<RevokedSession[]> {
      const rows = await sequelize.query<{ id: string; expires_at: string | Date }>(
        `SELECT sessions.id, sessions.expires_at FROM sessions LEFT JOIN users ON users.id = sessions.user_id
         WHERE sessions.expires_at > :now AND (sessions.revoked_at IS NOT NULL OR users.id IS NULL OR NOT users.is_active)`,
        { replacements: { now: new Date(now()) }, type: QueryTypes.SELECT },
      )
      return rows.map((row) => ({ id: row.id, expiresAt: toSeconds(new Date(row.expires_at)) }))
    },

    async deleteExpired(transaction: Transaction): Promise<void> {
      await Session.destroy({ where: { expiresAt: { [Op.lt]: new Date(now()) } }, transaction })
    },
  }
}

function toSeconds(instant: Date | string): number {
  return Math.ceil(new Date(instant).getTime() / 1000)
}
