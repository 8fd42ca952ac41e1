import type { ChangePasswordRequest, LoginRequest, RegisterRequest, TokenReply, User } from '../../contracts/auth'
import type { Database } from '../db/database'
import { AppError, UnauthenticatedError } from '../errors'
import { refuseGuessable } from './guessable-passwords'
import type { Principal } from './principal'
import type { Sessions } from './sessions'
import type { Tokens } from './tokens'
import type { UserCache } from './user-cache'
import type { VerifiedUser } from './user-rows'
import type { UsersDependencies, UsersService } from './users.service'

export interface AuthDependencies {
  database: Database
  users: UsersService
  userCache: UserCache
  sessions: Sessions
  tokens: Tokens
  announce: UsersDependencies['announce']
}

export type AuthService = ReturnType<typeof createAuthService>

/** Signing in and out, and what a signed-in person does to their own account. */
export function createAuthService({ database, users, userCache, sessions, tokens, announce }: AuthDependencies) {
  const { User } = database.models

  /** @returns nothing when the account changed since its password was checked: then there is no session */
  async function signIn({ user, hashedPassword }: VerifiedUser): Promise<TokenReply | undefined> {
    const sessionId = await database.write(async (transaction) => {
      const unchanged = await User.findOne({
        where: { id: user.id, isActive: true, hashedPassword },
        attributes: ['id'],
        lock: transaction.LOCK.SHARE,
        transaction,
      })
      return unchanged ? sessions.open(user.id, tokens.lifetimeSeconds, transaction) : undefined
    })
    if (sessionId === undefined) return undefined
    return {
      access_token: tokens.issue(user, sessionId),
      token_type: 'bearer',
      expires_in: tokens.lifetimeSeconds,
      user,
    }
  }

  return {
    /**
     * @throws {ValidationError} the password is one of those guessed first
     * @throws {AppError} `email_taken`
     */
    async register({ email, password, name }: RegisterRequest): Promise<TokenReply> {
      await refuseGuessable('password', password, { email, name })
      const reply = await signIn(await users.create({ email, password, name }))
      if (!reply) throw invalidCredentials()
      return reply
    },

    /** @throws {AppError} `invalid_credentials`, or `account_inactive` after the right password */
    async login({ email, password }: LoginRequest): Promise<TokenReply> {
      for (;;) {
        const found = await users.verifyCredentials(email, password)
        if (!found) throw invalidCredentials()
        if (!found.user.is_active)
          throw new AppError(
            'account_inactive',
            403,
            'This account is not active. Ask an administrator to activate it.',
          )
        const reply = await signIn(found)
        // Without one the account has just changed, perhaps only its hash was renewed: look again.
        if (reply) return reply
      }
    },

    /** The user behind a principal. @throws {UnauthenticatedError} the account is gone or inactive */
    async verify(principal: Principal): Promise<User> {
      const user = await userCache.get(principal.userId)
      if (!user?.is_active) throw new UnauthenticatedError('invalid_token', 'This session has ended. Sign in again.')
      return user
    },

    /** Ends the session: its token is dead when this resolves. */
    async logout(principal: Principal): Promise<void> {
      await database.write(async (transaction) => {
        const revoked = await sessions.revokeOne(principal.sessionId, transaction)
        await announce({ userId: principal.userId, revoked }, transaction)
      })
    },

    /**
     * Sets a new password and ends every other session.
     *
     * @throws {ValidationError} the new password is one of those guessed first
     * @throws {AppError} `wrong_password`
     */
    async changePassword(principal: Principal, input: ChangePasswordRequest): Promise<void> {
      const { userId, sessionId } = principal
      const owner = await userCache.get(userId)
      if (owner) await refuseGuessable('new_password', input.new_password, owner)
      if (!(await users.changePassword(userId, input.current_password, input.new_password, sessionId)))
        throw new AppError('wrong_password', 400, 'The current password is not right.')
    },
  }
}

function invalidCredentials(): UnauthenticatedError {
  return new UnauthenticatedError('invalid_credentials', 'The e-mail address or the password is not right.')
}
