import type { Transaction } from 'sequelize'
import type { PasswordResetOffer, ResetPasswordRequest } from '../../contracts/password-reset'
import { type Actor, actorOf, anonymous, type RequestOrigin } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError, NotFoundError } from '../errors'
import type { Mailer } from '../mail/mailer'
import { passwordResetMail } from '../mail/mails'
import type { OneTimeTokenRow } from '../models/one-time-token'
import type { UserRow } from '../models/user'
import type { AccountNotices } from './account-notices'
import type { NewPasswordRules } from './new-password-rules'
import { type IssuedToken, linkInvalid, type OneTimeTokens } from './one-time-tokens'
import type { Passwords } from './passwords'
import type { SessionPrincipal } from './principal'
import type { Sessions } from './sessions'
import { rawRow, toUser } from './user-rows'
import type { UsersDependencies, UsersService } from './users.service'

const BY_MAIL_SECONDS = 30 * 60
/** An administrator hands it over by other ways than mail, perhaps not at once. */
const BY_HAND_SECONDS = 24 * 3_600

export interface PasswordResetDependencies {
  database: Database
  users: UsersService
  passwords: Passwords
  newPasswords: NewPasswordRules
  sessions: Sessions
  tokens: OneTimeTokens
  announce: UsersDependencies['announce']
  audit: Audit
  mailer: Mailer
  notices: AccountNotices
  publicUrl: string | null
  now(): number
}

export type PasswordResetService = ReturnType<typeof createPasswordResetService>

const aboutUser = (id: string) => ({ account: id, target: { type: 'user', id } as const })

/** How somebody who has lost their password gets a new one: by mail, by an administrator, or at the machine itself. */
export function createPasswordResetService(dependencies: PasswordResetDependencies) {
  const { database, users, passwords, newPasswords, sessions, tokens, announce, audit } = dependencies
  const { mailer, notices, publicUrl, now } = dependencies
  const { User } = database.models

  const issue = (row: UserRow, sentTo: string | null, lifetimeSeconds: number, transaction: Transaction) =>
    tokens.issue(
      { purpose: 'password-reset', userId: row.id, email: sentTo, boundTo: row.hashedPassword, lifetimeSeconds },
      transaction,
    )

  /** @throws {AppError} `link_invalid`: the account, its address or its password has changed since */
  async function ownerOf(token: OneTimeTokenRow, transaction?: Transaction): Promise<UserRow> {
    const row = await User.findByPk(token.userId, transaction ? { transaction, lock: true } : {})
    if (!row || !toUser(rawRow(row)).is_active || (token.email !== null && token.email !== row.email))
      throw linkInvalid()
    tokens.requireUnchanged(token, row.hashedPassword)
    return row
  }

  /** Sets a password whoever asks, ends every session, and takes back what else would set one. */
  async function setPassword(row: UserRow, hashedPassword: string, by: Actor, transaction: Transaction): Promise<void> {
    await row.update({ hashedPassword }, { transaction })
    await tokens.revoke(row.id, ['password-reset'], transaction)
    const ended = await sessions.revokeAll(row.id, transaction)
    await announce({ userId: row.id, ...ended }, transaction)
    audit.record({ action: 'account.password_reset', by, ...aboutUser(row.id) }, transaction)
  }

  return {
    /**
     * Has a mail with a link sent to an address, if it is that of an active account. What is found out is found out
     * behind the answer.
     *
     * @throws {AppError} `mail_not_configured`
     */
    request(typedEmail: string, origin: RequestOrigin): void {
      if (!mailer.isAvailable)
        throw new AppError('mail_not_configured', 409, 'This server sends no mail: ask an administrator for a link.')
      mailer.send(async () => {
        const found = await users.findByEmail(typedEmail)
        if (!found?.is_active) return []
        const issued = await database.write(async (transaction) => {
          const row = await User.findByPk(found.id, { lock: true, transaction })
          if (!row) return undefined
          const by = anonymous(origin)
          audit.record({ action: 'account.password_reset_requested', by, ...aboutUser(row.id) }, transaction)
          return issue(row, row.email, BY_MAIL_SECONDS, transaction)
        })
        if (!issued) return []
        const url = `${publicUrl}/reset-password#${issued.token}`
        return [passwordResetMail({ to: found.email, url, lifetime: '30 minutes' })]
      })
    },

    /** Makes a link for somebody's password, to be handed over. @throws {NotFoundError} no such user @throws {AppError} `account_inactive` */
    async issueLink(principal: SessionPrincipal, userId: string): Promise<IssuedToken> {
      return database.write(async (transaction) => {
        const row = await User.findByPk(userId, { lock: true, transaction })
        if (!row) throw new NotFoundError('user')
        if (!toUser(rawRow(row)).is_active)
          throw new AppError('account_inactive', 409, 'This account is not active: activate it first.')
        const by = actorOf(principal)
        audit.record({ action: 'account.password_reset_link_made', by, ...aboutUser(row.id) }, transaction)
        return issue(row, null, BY_HAND_SECONDS, transaction)
      })
    },

    /** @throws {AppError} `link_invalid` */
    async look(secret: string): Promise<PasswordResetOffer> {
      const token = await tokens.get(secret, ['password-reset'])
      const { email } = await ownerOf(token)
      return { email, expires_at: token.expiresAt.toISOString() }
    },

    /**
     * Sets a password by a link. A link that came by mail shows as well that the address is its owner's.
     *
     * @throws {ValidationError} the password is too short, or one of those guessed first
     * @throws {AppError} `link_invalid`
     */
    async reset(
      { token: secret, new_password: password }: ResetPasswordRequest,
      origin: RequestOrigin,
      signal?: AbortSignal,
    ): Promise<void> {
      const owner = await ownerOf(await tokens.get(secret, ['password-reset']))
      await newPasswords.check('new_password', password, owner)
      const hashedPassword = await passwords.hash(password, signal)
      const email = await database.write(async (transaction) => {
        const token = await tokens.get(secret, ['password-reset'], transaction)
        const row = await ownerOf(token, transaction)
        if (token.email !== null) await row.update({ emailVerifiedAt: new Date(now()) }, { transaction })
        await setPassword(row, hashedPassword, anonymous(origin), transaction)
        return row.email
      })
      notices.passwordChanged(email)
    },

    /**
     * Sets a password for somebody who has access to the machine or the database, and so to everything anyway.
     *
     * @throws {NotFoundError} no such user
     * @throws {ValidationError} the password is too short, or one of those guessed first
     */
    async setByOperator(by: Actor, email: string, password: string): Promise<void> {
      const found = await users.findByEmail(email)
      if (!found) throw new NotFoundError('user')
      await newPasswords.check('password', password, found)
      const hashedPassword = await passwords.hash(password)
      await database.write(async (transaction) => {
        const row = await User.findByPk(found.id, { lock: true, transaction })
        if (!row) throw new NotFoundError('user')
        await setPassword(row, hashedPassword, by, transaction)
      })
      notices.passwordChanged(found.email)
    },
  }
}
