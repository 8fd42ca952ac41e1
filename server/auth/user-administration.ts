import { QueryTypes, type Transaction } from 'sequelize'
import { z } from 'zod'
import type { ManagedUser, ManagedUserList, UserChange, UserQuery } from '../../contracts/admin'
import type { Session } from '../../contracts/sessions'
import type { Actor } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { NotFoundError } from '../errors'
import type { UserRow } from '../models/user'
import { refuseLastAdministrator } from './administrators'
import { fromCursor, toCursor } from './cursors'
import type { Sessions } from './sessions'
import { toSession } from './sessions.service'
import { toInstant, toRole, toUser } from './user-rows'
import type { UsersDependencies, UsersService } from './users.service'

export interface UserAdministrationDependencies {
  database: Database
  users: UsersService
  sessions: Sessions
  announce: UsersDependencies['announce']
  audit: Audit
  now(): number
}

export type UserAdministration = ReturnType<typeof createUserAdministration>

const NOBODYS_SESSION = ''
const user = (id: string) => ({ type: 'user', id }) as const

/** What administrators do to the accounts of others, over HTTP or at the command line of the machine. */
export function createUserAdministration({
  database,
  users,
  sessions,
  announce,
  audit,
  now,
}: UserAdministrationDependencies) {
  const { models, sequelize, write, dialect } = database
  const SORT_KEYS = {
    name: 'lower(users.name)',
    email: 'users.email',
    // An adopted row may have microseconds, which no cursor here carries.
    created_at: dialect === 'postgres' ? "date_trunc('milliseconds', users.created_at)" : 'users.created_at',
  }
  // As text: an adopted table may have ids of Postgres' own UUID type, which compares with nothing else.
  const ID = 'CAST(users.id AS TEXT)'
  const COLUMNS = `users.id, users.name, users.email, users.role, users.is_active, users.created_at,
    (SELECT COUNT(*) FROM sessions WHERE sessions.user_id = users.id AND revoked_at IS NULL AND expires_at > :now) AS sessions,
    (SELECT COUNT(*) FROM totp_factors WHERE totp_factors.user_id = users.id AND confirmed_at IS NOT NULL) +
    (SELECT COUNT(*) FROM passkeys WHERE passkeys.user_id = users.id) AS factors,
    (SELECT MAX(COALESCE(last_seen_at, created_at)) FROM sessions WHERE sessions.user_id = users.id) AS last_seen_at`

  const select = (sql: string, values: Record<string, unknown>) =>
    sequelize.query<Record<string, unknown>>(sql, {
      replacements: { now: new Date(now()), ...values },
      type: QueryTypes.SELECT,
    })

  async function get(id: string): Promise<ManagedUser> {
    const [row] = await select(`SELECT ${COLUMNS} FROM users WHERE ${ID} = :id`, { id })
    if (!row) throw new NotFoundError('user')
    return toManagedUser(row)
  }

  /** Records what changes, unless it would leave nobody to manage. */
  function prepare(actor: Actor, { role, is_active: isActive }: UserChange) {
    return async (row: UserRow, transaction: Transaction) => {
      const before = toRole(row.role)
      const about = { by: actor, account: row.id, target: user(row.id) }
      const staysAdministrator = (role ?? before) === 'admin' && isActive !== false
      if (!staysAdministrator) await refuseLastAdministrator(models, row.id, transaction)
      if (role !== undefined && role !== before)
        audit.record({ action: 'user.role_changed', ...about, details: { from: before, to: role } }, transaction)
      if (isActive !== undefined && isActive !== row.isActive)
        audit.record({ action: isActive ? 'user.activated' : 'user.deactivated', ...about }, transaction)
    }
  }

  return {
    get,

    /** Pages of the accounts that match. @throws {ValidationError} the cursor is of another list or order */
    async list({ search, role, status, sort, limit, cursor }: UserQuery): Promise<ManagedUserList> {
      const isDescending = sort.startsWith('-')
      const key = SORT_KEYS[sort.replace('-', '') as keyof typeof SORT_KEYS]
      const after = cursor === undefined ? undefined : fromCursor(cursor, placeIn(sort))
      const filters = [
        ...(search === ''
          ? []
          : ["(lower(users.name) LIKE :pattern ESCAPE '!' OR users.email LIKE :pattern ESCAPE '!')"]),
        ...(role === undefined ? [] : ['users.role = :role']),
        ...(status === undefined ? [] : ['users.is_active = :isActive']),
      ]
      const place = after ? [`(${key}, ${ID}) ${isDescending ? '<' : '>'} (:afterKey, :afterId)`] : []
      const values = {
        pattern: `%${search.normalize('NFC').toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`,
        role,
        isActive: status === 'active',
        afterKey: after && sort.endsWith('created_at') ? new Date(after[1]) : after?.[1],
        afterId: after?.[2],
        rows: limit + 1,
      }
      const direction = isDescending ? 'DESC' : 'ASC'
      const rows = await select(
        `SELECT ${COLUMNS}, ${key} AS sort_key FROM users ${where([...filters, ...place])}
         ORDER BY ${key} ${direction}, ${ID} ${direction} LIMIT :rows`,
        values,
      )
      const [count] = await select(`SELECT COUNT(*) AS total FROM users ${where(filters)}`, values)
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      return {
        users: page.map(toManagedUser),
        total: Number(count?.total),
        next_cursor: last ? toCursor([sort, sortKeyOf(last, sort), String(last.id)]) : null,
      }
    },

    /**
     * Gives another role, activates or deactivates. A new role ends the tokens of the old one, deactivation every
     * session.
     *
     * @throws {NotFoundError} no such user
     * @throws {AppError} `last_administrator`
     */
    async change(actor: Actor, id: string, change: UserChange): Promise<ManagedUser> {
      const { role, is_active: isActive } = change
      const columns = { ...(role && { role }), ...(isActive !== undefined && { isActive }) }
      await get(id)
      await users.update(id, columns, undefined, prepare(actor, change))
      return get(id)
    },

    /** The sessions of a user that can be used. @throws {NotFoundError} no such user */
    async sessionsOf(id: string, currentSessionId = NOBODYS_SESSION): Promise<Session[]> {
      await get(id)
      return (await sessions.findLive(id)).map((row) => toSession(row, currentSessionId))
    },

    /** Ends one session of a user's. @throws {NotFoundError} there is no such live session */
    async endSession(actor: Actor, id: string, sessionId: string): Promise<void> {
      await write(async (transaction) => {
        const ended = await sessions.revokeOwn(sessionId, id, transaction)
        if (ended.revoked.length === 0) throw new NotFoundError('session')
        const about = { account: id, target: { type: 'session', id: sessionId } } as const
        audit.record({ action: 'session.revoked', by: actor, ...about }, transaction)
        await announce({ userId: id, ...ended }, transaction)
      })
    },

    /** Ends every session of a user's; answers how many. @throws {NotFoundError} no such user */
    async endSessions(actor: Actor, id: string): Promise<number> {
      await get(id)
      return write(async (transaction) => {
        const row = await models.User.findByPk(id, { attributes: ['id'], lock: true, transaction })
        if (!row) throw new NotFoundError('user')
        const ended = await sessions.revokeAll(id, transaction)
        const details = { sessions: ended.revoked.length }
        audit.record({ action: 'user.sessions_ended', by: actor, account: id, target: user(id), details }, transaction)
        await announce({ userId: id, ...ended }, transaction)
        return ended.revoked.length
      })
    },
  }
}

/** The order a cursor was made for, the sort value of the last row, and its id. */
function placeIn(sort: UserQuery['sort']) {
  return z.tuple([z.literal(sort), sort.endsWith('created_at') ? z.iso.datetime() : z.string(), z.string()])
}

function sortKeyOf({ sort_key: key }: Record<string, unknown>, sort: UserQuery['sort']): string {
  return sort.endsWith('created_at') ? toInstant(key) : String(key)
}

function where(conditions: string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

function toManagedUser(row: Record<string, unknown>): ManagedUser {
  const { id, email, name, is_active, created_at } = toUser(row)
  return {
    id,
    email,
    name,
    role: toRole(row.role),
    is_active,
    created_at,
    sessions: Number(row.sessions),
    has_second_factor: Number(row.factors) > 0,
    last_seen_at: row.last_seen_at === null ? null : toInstant(row.last_seen_at),
  }
}
