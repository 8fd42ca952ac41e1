import { col, fn, Op, type Transaction, UniqueConstraintError, where } from 'sequelize'
import type { User } from '../../contracts/auth'
import type { AccountChange } from '../db/change-feed'
import type { Database } from '../db/database'
import { AppError, NotFoundError } from '../errors'
import type { UserRow } from '../models/user'
import type { Passwords } from './passwords'
import type { Sessions } from './sessions'

const PAGE_LIMIT = 100

export interface NewUser {
  email: string
  password: string
  name: string
}

export interface UserChanges {
  email?: string
  name?: string
  password?: string
  isActive?: boolean
  isAdmin?: boolean
}

/** A user together with the stored hash that was checked, or just made. */
export interface VerifiedUser {
  user: User
  hashedPassword: string
}

export interface UserPage {
  users: User[]
  total: number
  next_cursor: string | null
}

export interface UsersDependencies {
  database: Database
  passwords: Passwords
  sessions: Sessions
  /** Makes a change known to this node and, through the transaction, to the others. */
  announce(change: AccountChange, transaction: Transaction): Promise<void>
}

export type UsersService = ReturnType<typeof createUsersService>

/**
 * The account rows: the seven operations of the Python system's user store. It stands below sign-in, so it knows no
 * principal; whoever calls it has authorised the call.
 */
export function createUsersService({ database, passwords, sessions, announce }: UsersDependencies) {
  const { User } = database.models
  const signInRead = database.prepareRead({
    name: 'user-by-email',
    sqlite: 'SELECT * FROM users WHERE email IN (?1, ?2) ORDER BY email = ?1 DESC LIMIT 1',
    postgres: 'SELECT * FROM users WHERE email IN ($1, $2) ORDER BY email = $1 DESC LIMIT 1',
  })
  const byId = database.prepareRead({
    name: 'user-by-id',
    sqlite: 'SELECT * FROM users WHERE id = ?1',
    postgres: 'SELECT * FROM users WHERE id = $1',
  })

  // Adopted rows may be in mixed case, when two of them differ by nothing else: the spelling that was typed wins.
  async function findStored(typedEmail: string) {
    const row = await signInRead([typedEmail, typedEmail.normalize('NFC').toLowerCase()])
    return row && { user: toUser(row), hashedPassword: String(row.hashed_password) }
  }

  async function emailIsTaken(email: string): Promise<boolean> {
    return (await User.count({ where: where(fn('lower', col('email')), email) })) > 0
  }

  return {
    /**
     * @throws {AppError} `email_taken`, also when two calls race
     */
    async create({ email, password, name }: NewUser): Promise<VerifiedUser> {
      if (await emailIsTaken(email)) throw emailTaken()
      const hashedPassword = await passwords.hash(password)
      try {
        const row = await database.write((transaction) => User.create({ email, name, hashedPassword }, { transaction }))
        return { user: toUser(rawRow(row)), hashedPassword }
      } catch (error) {
        throw error instanceof UniqueConstraintError ? emailTaken() : error
      }
    },

    async findByEmail(email: string): Promise<User | undefined> {
      return (await findStored(email))?.user
    },

    async findById(id: string): Promise<User | undefined> {
      const row = await byId([id])
      return row && toUser(row)
    },

    /**
     * Checks an e-mail address and a password; a hash is spent in every case. An outdated hash is replaced.
     *
     * @returns the user and the stored hash that matched, or `undefined` without saying which of the two was wrong
     */
    async verifyCredentials(typedEmail: string, password: string): Promise<VerifiedUser | undefined> {
      const found = await findStored(typedEmail)
      if (!found) {
        await passwords.pretendToMatch(password)
        return undefined
      }
      const { user, hashedPassword } = found
      if (!(await passwords.matches(password, hashedPassword))) return undefined
      if (!passwords.isOutdated(hashedPassword)) return found
      const renewed = await passwords.hash(password)
      const [count] = await database.write((transaction) =>
        User.update({ hashedPassword: renewed }, { where: { id: user.id, hashedPassword }, silent: true, transaction }),
      )
      return { user, hashedPassword: count === 1 ? renewed : hashedPassword }
    },

    /** Whether a password is the user's own. */
    async passwordMatches(id: string, password: string): Promise<boolean> {
      const row = await byId([id])
      if (row) return passwords.matches(password, String(row.hashed_password))
      await passwords.pretendToMatch(password)
      return false
    },

    /**
     * Changes what is named. A new password ends every session but the one named; deactivation ends all.
     *
     * @throws {NotFoundError} no such user
     * @throws {AppError} `email_taken`
     */
    async update(id: string, changes: UserChanges, keepSession?: string): Promise<User> {
      const { password, ...columns } = changes
      const hashedPassword = password === undefined ? {} : { hashedPassword: await passwords.hash(password) }
      try {
        return await database.write(async (transaction) => {
          const row = await User.findByPk(id, { transaction, lock: true })
          if (!row) throw new NotFoundError('user')
          await row.update({ ...columns, ...hashedPassword }, { transaction })
          const ends = password !== undefined || changes.isActive === false
          const kept = changes.isActive === false ? undefined : keepSession
          await announce(
            { userId: id, revoked: ends ? await sessions.revokeAll(id, transaction, kept) : [] },
            transaction,
          )
          return toUser(rawRow(row))
        })
      } catch (error) {
        throw error instanceof UniqueConstraintError ? emailTaken() : error
      }
    },

    /**
     * Removes the account; its sessions end.
     *
     * @throws {NotFoundError} no such user
     */
    async delete(id: string): Promise<void> {
      await database.write(async (transaction) => {
        const revoked = await sessions.revokeAll(id, transaction)
        if ((await User.destroy({ where: { id }, transaction })) === 0) throw new NotFoundError('user')
        await announce({ userId: id, revoked }, transaction)
      })
    },

    /** Lists accounts by e-mail address, a page at a time; `cursor` is the `next_cursor` of the page before. */
    async listAll({ limit = 50, cursor }: { limit?: number; cursor?: string | null } = {}): Promise<UserPage> {
      const size = Math.max(1, Math.min(PAGE_LIMIT, limit))
      const rows = await User.findAll({
        where: cursor ? { email: { [Op.gt]: Buffer.from(cursor, 'base64url').toString() } } : {},
        order: [['email', 'ASC']],
        limit: size + 1,
      })
      const page = rows.slice(0, size)
      const last = rows.length > size ? page.at(-1) : undefined
      return {
        users: page.map((row) => toUser(rawRow(row))),
        total: await User.count(),
        next_cursor: last ? Buffer.from(last.email).toString('base64url') : null,
      }
    },
  }
}

function emailTaken(): AppError {
  return new AppError('email_taken', 400, 'An account with this e-mail address exists already. Sign in instead.')
}

function rawRow(row: UserRow): Record<string, unknown> {
  return { ...row.get(), is_active: row.isActive, is_admin: row.isAdmin, created_at: row.createdAt }
}

/** The one place where a users row becomes what the API shows. Booleans are 0 or 1 in SQLite, times text without a zone. */
function toUser(row: Record<string, unknown>): User {
  return {
    id: String(row.id),
    email: String(row.email),
    name: String(row.name),
    is_active: Boolean(row.is_active),
    is_admin: Boolean(row.is_admin),
    created_at: toInstant(row.created_at),
  }
}

function toInstant(stored: unknown): string {
  if (stored instanceof Date) return stored.toISOString()
  const text = String(stored)
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`).toISOString()
}
