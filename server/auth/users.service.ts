import { Op, type Transaction, UniqueConstraintError } from 'sequelize'
import { type ChangePasswordRequest, normaliseEmail, type User } from '../../contracts/auth'
import { DEFAULT_ROLE, type Role } from '../../contracts/scopes'
import type { AccountChange } from '../db/account-change'
import type { Database } from '../db/database'
import { NotFoundError } from '../errors'
import type { UserRow } from '../models/user'
import { lockAdministrators } from './administrators'
import type { Passwords } from './passwords'
import { emailTaken, sessionEnded, untilUnchanged } from './refusals'
import type { Sessions } from './sessions'
import { fromCursor, rawRow, stored, toCursor, toUser, type VerifiedUser } from './user-rows'

const PAGE_LIMIT = 100
// Named one by one: Postgres refuses a prepared "*" after a newer node has added a column.
const COLUMNS = 'id, email, name, hashed_password, is_active, role, created_at'

export interface NewUser {
  email: string
  password: string
  name: string
  role?: Role
}

export interface UserChanges {
  email?: string
  name?: string
  password?: string
  isActive?: boolean
  role?: Role
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
    sqlite: `SELECT ${COLUMNS} FROM users WHERE email IN (?1, ?2) ORDER BY email = ?1 DESC LIMIT 1`,
    postgres: `SELECT ${COLUMNS} FROM users WHERE email IN ($1, $2) ORDER BY email = $1 DESC LIMIT 1`,
  })
  const byId = database.prepareRead({
    name: 'user-by-id',
    sqlite: `SELECT ${COLUMNS} FROM users WHERE id = ?1`,
    postgres: `SELECT ${COLUMNS} FROM users WHERE id = $1`,
  })

  // Two adopted rows may differ by case alone, and then one of them is not in lower case: the spelling typed wins.
  async function findStored(typedEmail: string): Promise<VerifiedUser | undefined> {
    const row = await signInRead([typedEmail, normaliseEmail(typedEmail)])
    return row && stored(row)
  }

  /** The columns to set, in the form they are stored; a password becomes its hash. */
  async function toColumns({ password, email, role: _changedByItself, ...others }: UserChanges, signal?: AbortSignal) {
    return {
      ...others,
      ...(email === undefined ? {} : { email: normaliseEmail(email) }),
      ...(password === undefined ? {} : { hashedPassword: await passwords.hash(password, signal) }),
    }
  }

  /**
   * Makes a user, and in the same transaction what is to be there with them or not at all. What speaks against it can
   * be thrown `before`.
   *
   * @throws {AppError} `email_taken`, also when two calls race
   */
  async function createWith<T>(
    { email, password, name, role = DEFAULT_ROLE }: NewUser,
    alongside: (created: VerifiedUser, transaction: Transaction) => Promise<T>,
    { signal, before }: { signal?: AbortSignal | undefined; before?(transaction: Transaction): Promise<void> } = {},
  ): Promise<T> {
    if (await findStored(email)) throw emailTaken()
    const hashedPassword = await passwords.hash(password, signal)
    const columns = { email: normaliseEmail(email), name, hashedPassword, role, isAdmin: role === 'admin' }
    try {
      return await database.write(async (transaction) => {
        await before?.(transaction)
        const row = await User.create(columns, { transaction })
        return alongside({ user: toUser(rawRow(row)), role, hashedPassword }, transaction)
      })
    } catch (error) {
      throw error instanceof UniqueConstraintError ? emailTaken() : error
    }
  }

  /** Replaces an outdated hash. The old one has matched, so whatever keeps it from being replaced keeps nobody out. */
  async function renewHash(found: VerifiedUser, password: string, signal?: AbortSignal): Promise<VerifiedUser> {
    const { user, role, hashedPassword } = found
    try {
      const renewed = await passwords.hash(password, signal)
      const [count] = await database.write((transaction) =>
        User.update({ hashedPassword: renewed }, { where: { id: user.id, hashedPassword }, silent: true, transaction }),
      )
      return count === 1 ? { user, role, hashedPassword: renewed } : found
    } catch {
      return found
    }
  }

  /** Changes a user and ends the sessions that must not outlive the change, unless `stillRight` says no to the row. */
  async function change(
    id: string,
    changes: UserChanges,
    keepSession?: string,
    stillRight: (row: UserRow, transaction: Transaction) => boolean | Promise<boolean> = () => true,
    alongside: (transaction: Transaction) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<User | undefined> {
    const columns = await toColumns(changes, signal)
    try {
      return await database.write(async (transaction) => {
        const mayTakeAdministrator = changes.isActive === false || (changes.role && changes.role !== 'admin')
        if (mayTakeAdministrator) await lockAdministrators(database.models, transaction)
        const row = await User.findByPk(id, { transaction, lock: true })
        if (!row) throw new NotFoundError('user')
        if (!(await stillRight(row, transaction))) return undefined
        await row.update(columns, { transaction })
        const ends = changes.password !== undefined || changes.isActive === false
        const kept = changes.isActive === false ? undefined : keepSession
        const ended = ends ? await sessions.revokeAll(id, transaction, kept) : { revoked: [], cutOffs: [] }
        const { role = row.role } = changes
        const roles = role === row.role ? [] : [await sessions.changeRole(row, role, transaction)]
        await announce({ userId: id, ...ended, roles }, transaction)
        alongside(transaction)
        return toUser(rawRow(row))
      })
    } catch (error) {
      throw error instanceof UniqueConstraintError ? emailTaken() : error
    }
  }

  return {
    create: (person: NewUser): Promise<VerifiedUser> => createWith(person, async (created) => created),

    createWith,

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
    async verifyCredentials(
      typedEmail: string,
      password: string,
      signal?: AbortSignal,
    ): Promise<VerifiedUser | undefined> {
      const found = await findStored(typedEmail)
      if (!found) {
        await passwords.pretendToMatch(password, signal)
        return undefined
      }
      const { hashedPassword } = found
      if (!(await passwords.matches(password, hashedPassword, signal))) return undefined
      if (!passwords.isOutdated(hashedPassword)) return found
      return renewHash(found, password, signal)
    },

    /** Whether this is the password of a user; a hash is spent in every case. */
    async verifyPassword(id: string, password: string, signal?: AbortSignal): Promise<boolean> {
      const row = await byId([id])
      if (row) return passwords.matches(password, stored(row).hashedPassword, signal)
      await passwords.pretendToMatch(password, signal)
      return false
    },

    /**
     * Changes what is named. A new password ends every session but the one named; deactivation ends all. What speaks
     * against it can be thrown `before`, with the row locked.
     *
     * @throws {NotFoundError} no such user
     * @throws {AppError} `email_taken`
     */
    async update(
      id: string,
      changes: UserChanges,
      keepSession?: string,
      before: (row: UserRow, transaction: Transaction) => Promise<void> = async () => undefined,
    ): Promise<User> {
      const user = await change(id, changes, keepSession, async (row, transaction) => {
        await before(row, transaction)
        return true
      })
      if (!user) throw new NotFoundError('user')
      return user
    },

    /**
     * Sets a new password for somebody who knows the current one, and ends every session but the one named. The stored
     * hash is compared once more under the row's lock: of two changes at once, the second needs the first's password.
     * So is the right to change it: the account may be deactivated, or the session ended, since the request began.
     *
     * @param alongside what is to be done in the same transaction or not at all
     * @returns whether the current password was right
     * @throws {UnauthenticatedError} the account is not active any more, or the session has ended
     */
    async changePassword(
      id: string,
      { current_password: current, new_password: next }: ChangePasswordRequest,
      keepSession: string,
      alongside?: (transaction: Transaction) => void,
      signal?: AbortSignal,
    ): Promise<boolean> {
      return untilUnchanged(async () => {
        const row = await byId([id])
        if (!row) {
          await passwords.pretendToMatch(current, signal)
          return false
        }
        const { hashedPassword } = stored(row)
        if (!(await passwords.matches(current, hashedPassword, signal))) return false
        const unchanged = async (locked: UserRow, transaction: Transaction) => {
          const isActive = toUser(rawRow(locked)).is_active
          if (!isActive || !(await sessions.isLive(keepSession, transaction))) throw sessionEnded()
          return locked.hashedPassword === hashedPassword
        }
        return (await change(id, { password: next }, keepSession, unchanged, alongside, signal)) && true
      })
    },

    /**
     * Removes the account; its sessions end.
     *
     * @throws {NotFoundError} no such user
     */
    async delete(id: string): Promise<void> {
      await database.write(async (transaction) => {
        const row = await User.findByPk(id, { transaction, lock: true })
        if (!row) throw new NotFoundError('user')
        const ended = await sessions.revokeAll(id, transaction)
        await row.destroy({ transaction })
        await announce({ userId: id, ...ended }, transaction)
      })
    },

    /**
     * Lists accounts by e-mail address, up to 100 at a time; `cursor` is the `next_cursor` of the page before.
     *
     * @throws {ValidationError} the cursor is not one that a page ended with
     */
    async listAll({ limit = 50, cursor }: { limit?: number; cursor?: string | null } = {}): Promise<UserPage> {
      const size = Math.max(1, Math.min(PAGE_LIMIT, limit))
      const rows = await User.findAll({
        where: cursor == null ? {} : { email: { [Op.gt]: fromCursor(cursor) } },
        order: [['email', 'ASC']],
        limit: size + 1,
      })
      const page = rows.slice(0, size)
      const last = rows.length > size ? page.at(-1) : undefined
      return {
        users: page.map((row) => toUser(rawRow(row))),
        total: await User.count(),
        next_cursor: last ? toCursor(last.email) : null,
      }
    },
  }
}
