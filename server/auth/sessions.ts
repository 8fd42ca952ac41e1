import { randomUUID } from 'node:crypto'
import { Op, QueryTypes, type Transaction, type WhereOptions } from 'sequelize'
import type { Role } from '../../contracts/scopes'
import type { RequestOrigin } from '../audit/actor'
import { CLOCK_TOLERANCE_MS } from '../clock'
import type { Endings, RevokedSession, RoleChange } from '../db/account-change'
import type { Database } from '../db/database'
import { storedInstant } from '../db/instants'
import type { SessionRow } from '../models/session'
import type { UserRow } from '../models/user'
import type { ShownProof } from './key-proofs'
import { toInstant, toRole } from './user-rows'

const OPEN = `INSERT INTO sessions
    (id, user_id, created_at, last_seen_at, proved_at, expires_at, address, user_agent, key_thumbprint)
  VALUES ($1, $2, $3, $3, $3, $4, $5, $6, $7)`
const RENEW = `UPDATE sessions
  SET expires_at = $1, last_seen_at = $2, address = $3, user_agent = $4, shown_proofs = $5 WHERE id = $6`
const FIND_CUT_OFF = 'SELECT issued_before FROM token_cut_offs WHERE user_id = $1'

const DAY_MS = 86_400_000
const IDLE_MS = 14 * DAY_MS
const ABSOLUTE_MS = 90 * DAY_MS
/** From when an end is dated, perhaps by a clock that is behind, until its transaction has ended and others see it. */
const LONGEST_UNSEEN_MS = CLOCK_TOLERANCE_MS + 5 * 60_000

/** Where a session is used, as the request shows it. */
export interface Caller extends RequestOrigin {
  /** Whether it is a page of ours, which keeps its session for weeks; a script's lasts as long as its token. */
  isPage: boolean
  /** What a page showed of the key that its browser keeps. */
  keyProof?: ShownProof | undefined
}

export type Sessions = ReturnType<typeof createSessions>

/** The rows of the sessions table: who signed in, where, until when, and which of them ended before their time. */
export function createSessions(
  { dialect, models: { Session, TokenCutOff, User }, sequelize, statementsIn }: Database,
  tokenLifetimeSeconds: number,
  now: () => number,
) {
  // A token is signed after its session is stored, and perhaps by a clock that is ahead: the row outlives the token.
  const tokenLifeMs = tokenLifetimeSeconds * 1000 + CLOCK_TOLERANCE_MS
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

  /** Ends a session, also one that has no row: the database may have lost it, and its tokens are to die all the same. */
  async function end(id: string, transaction: Transaction): Promise<Endings> {
    const ended = { createdAt: new Date(now()), revokedAt: new Date(now()) }
    const missing = { id, userId: null, expiresAt: new Date(lastTokenDead() * 1000), ...ended }
    await Session.bulkCreate([missing], { ignoreDuplicates: true, transaction })
    await Session.update({ revokedAt: ended.revokedAt }, { where: { id, revokedAt: null }, transaction })
    return { revoked: [{ id, expiresAt: lastTokenDead() }], cutOffs: [] }
  }

  return {
    /** @param keyThumbprint of the key without which nothing renews it, where there is one */
    async open(
      userId: string,
      { address, userAgent, isPage }: Caller,
      keyThumbprint: string | null,
      transaction: Transaction,
    ): Promise<string> {
      const id = randomUUID()
      const at = storedInstant(dialect, now())
      const expiresAt = storedInstant(dialect, now() + (isPage ? IDLE_MS : tokenLifeMs))
      const where = [address, userAgent.slice(0, 512)]
      await statementsIn(transaction)(OPEN, [id, userId, at, expiresAt, ...where, keyThumbprint])
      return id
    },

    /** Moves the end of a session on: 14 days from now, but never past 90 days from its start. */
    async renew(
      id: string,
      createdAt: number,
      { address, userAgent }: Caller,
      { shownProofs }: Pick<SessionRow, 'shownProofs'>,
      transaction: Transaction,
    ): Promise<void> {
      const expiresAt = storedInstant(dialect, Math.min(now() + IDLE_MS, createdAt + ABSOLUTE_MS))
      const seenAt = storedInstant(dialect, now())
      await statementsIn(transaction)(RENEW, [expiresAt, seenAt, address, userAgent.slice(0, 512), shownProofs, id])
    },

    /** Notes that the owner of a live session has just proved to be there. @returns whether the session is live */
    async markProved(id: string, transaction: Transaction): Promise<boolean> {
      const [count] = await Session.update(
        { provedAt: new Date(now()) },
        { where: { id, revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } }, transaction },
      )
      return count === 1
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

    end,

    /** Ends one token of a session that goes on, by its id, in a row like those of sessions that had none. */
    endToken: end,

    /** Ends one live session of a user's, where there is such a one. */
    async revokeOwn(id: string, userId: string, transaction: Transaction): Promise<Endings> {
      return { revoked: await revoke({ id, userId, revokedAt: null }, transaction), cutOffs: [] }
    },

    /**
     * Ends every session of a user, but for one where it is named, and with them the tokens whose session has no row.
     * The caller holds the lock of the user's row, so that no session is opened meanwhile.
     */
    async revokeAll(userId: string, transaction: Transaction, except?: string): Promise<Endings> {
      const others = except === undefined ? {} : { id: { [Op.ne]: except } }
      const revoked = await revoke({ userId, revokedAt: null, ...others }, transaction)
      // The second that has begun is over for the tokens issued in it; later ones are dated after it.
      const issuedBefore = Math.floor(now() / 1000) + 1
      const cutOff = { userId, issuedBefore, keptSessionId: except ?? null, expiresAt: lastTokenDead() }
      await TokenCutOff.upsert(
        { ...cutOff, issuedBefore: new Date(issuedBefore * 1000), expiresAt: new Date(cutOff.expiresAt * 1000) },
        { transaction },
      )
      return { revoked, cutOffs: [cutOff] }
    },

    /**
     * Gives a user another role. Tokens that say the old one are dead; the sessions go on, and what renews them gives
     * a token with the new one. The caller holds the lock of the user's row.
     */
    async changeRole(user: UserRow, role: Role, transaction: Transaction): Promise<RoleChange> {
      const changedAt = Math.max(now(), (user.roleChangedAt?.getTime() ?? 0) + 1)
      await user.update({ role, isAdmin: role === 'admin', roleChangedAt: new Date(changedAt) }, { transaction })
      return { userId: user.id, role, changedAt, expiresAt: lastTokenDead() }
    },

    /** The second before which no token of a user's may be dated, also where the clock of this node is behind. */
    async tokensCountSince(userId: string, transaction: Transaction): Promise<number> {
      const [row] = await statementsIn(transaction)(FIND_CUT_OFF, [userId])
      const since = row && Date.parse(toInstant(row.issued_before))
      return since && since <= now() + CLOCK_TOLERANCE_MS ? Math.floor(since / 1000) : 0
    },

    /**
     * What may have live tokens that must not count: of sessions revoked, users gone, inactive or with another role.
     *
     * @param knownAt as of when the revoked ones are known, milliseconds since 1970; without it all of them are found
     */
    async findEnded(knownAt = Number.NEGATIVE_INFINITY): Promise<Endings> {
      const since = new Date(Math.max(Math.min(knownAt, now()) - LONGEST_UNSEEN_MS, now() - tokenLifeMs))
      const rows = await sequelize.query<{ id: string }>(
        `SELECT sessions.id FROM sessions LEFT JOIN users ON users.id = sessions.user_id
         WHERE sessions.revoked_at > :since
            OR sessions.expires_at > :now AND sessions.revoked_at IS NULL AND (users.is_active IS NULL OR users.is_active <> :yes)`,
        {
          replacements: { now: new Date(now()), since, yes: true },
          type: QueryTypes.SELECT,
        },
      )
      const cutOffs = await TokenCutOff.findAll({ where: { expiresAt: { [Op.gt]: new Date(now()) } } })
      const changed = await User.findAll({
        where: { roleChangedAt: { [Op.gt]: new Date(now() - tokenLifeMs) } },
        attributes: ['id', 'role', 'roleChangedAt'],
      })
      return {
        revoked: rows.map(({ id }) => ({ id, expiresAt: lastTokenDead() })),
        cutOffs: cutOffs.map(({ userId, issuedBefore, keptSessionId, expiresAt }) => ({
          userId,
          issuedBefore: inSeconds(issuedBefore),
          keptSessionId,
          expiresAt: inSeconds(expiresAt),
        })),
        roles: changed.map(({ id, role, roleChangedAt }) => ({
          userId: id,
          role: toRole(role),
          changedAt: roleChangedAt?.getTime() ?? 0,
          expiresAt: lastTokenDead(),
        })),
      }
    },

    /** Forgets sessions whose last token is dead, together with what could renew them, and cut-offs in the same way. */
    async deleteExpired(transaction: Transaction): Promise<void> {
      await Session.destroy({ where: { expiresAt: { [Op.lt]: new Date(now() - tokenLifeMs) } }, transaction })
      await TokenCutOff.destroy({ where: { expiresAt: { [Op.lt]: new Date(now()) } }, transaction })
    },
  }
}

function inSeconds(instant: Date | undefined): number {
  return Math.floor((instant?.getTime() ?? 0) / 1000)
}
