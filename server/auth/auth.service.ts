import type { Transaction } from 'sequelize'
import type { ChangePasswordRequest, LoginRequest, TokenReply, User } from '../../contracts/auth'
import type { SecondFactorMethod, SecondFactorRequest, SignInChallenge } from '../../contracts/factors'
import type { PasskeyOptions, PasskeyRequest } from '../../contracts/passkeys'
import type { Permissions, Role } from '../../contracts/scopes'
import type { Database } from '../db/database'
import { AppError, InvalidKeyProofError, SecondFactorRequiredError, UnauthenticatedError } from '../errors'
import type { AccountNotices } from './account-notices'
import type { AuthEvents } from './auth-events'
import type { PasskeySignIn } from './factors/passkey-sign-in'
import type { SecondFactor, SecondStep } from './factors/second-factor'
import type { RelyingParty } from './factors/webauthn'
import { createKeyProofs } from './key-proofs'
import type { NewPasswordRules } from './new-password-rules'
import type { Principal, SessionPrincipal } from './principal'
import type { RefreshTokens } from './refresh-tokens'
import {
  accountInactive,
  challengeExpired,
  invalidCredentials,
  sessionEnded,
  untilUnchanged,
  wrongCode,
  wrongPasskey,
} from './refusals'
import { findRenewal } from './renewals'
import type { Caller, Sessions } from './sessions'
import type { Tokens } from './tokens'
import type { UserCache } from './user-cache'
import { rawRow, toRole, toUser, type VerifiedUser } from './user-rows'
import type { UsersDependencies, UsersService } from './users.service'

const UNCHANGED = 'SELECT role FROM users WHERE id = $1 AND hashed_password = $2 AND is_active = TRUE'
const FIND_UNCHANGED = { sqlite: UNCHANGED, postgres: `${UNCHANGED} FOR SHARE` }

export interface AuthDependencies {
  database: Database
  users: UsersService
  userCache: UserCache
  sessions: Sessions
  refreshTokens: RefreshTokens
  tokens: Tokens
  secondFactor: SecondFactor
  passkeySignIn: PasskeySignIn
  newPasswords: NewPasswordRules
  notices: AccountNotices
  announce: UsersDependencies['announce']
  events: AuthEvents
  /** A spent refresh token was shown again, and its session ended. */
  onReuse(sessionId: string): void
  now(): number
}

/** What a sign-in or a renewal gives: the reply, and for a page the token that renews it. */
export interface SignIn {
  reply: TokenReply
  refreshToken: string | null
}

export type AuthService = ReturnType<typeof createAuthService>

/** Signing in and out, and what a signed-in person does to their own account. */
export function createAuthService({
  database,
  users,
  userCache,
  sessions,
  refreshTokens,
  tokens,
  newPasswords,
  notices,
  secondFactor,
  passkeySignIn,
  announce,
  events,
  onReuse,
  now,
}: AuthDependencies) {
  const keyProofs = createKeyProofs(now)

  /** The session of somebody who has just proved who they are. */
  async function openSession(
    user: User,
    role: Role,
    caller: Caller,
    transaction: Transaction,
    method?: SecondFactorMethod,
  ): Promise<SignIn> {
    const sessionId = await sessions.open(user.id, caller, keyProofs.keyOf(caller.keyProof), transaction)
    events.signedIn(user.id, sessionId, caller, transaction, method)
    const refreshToken = caller.isPage ? await refreshTokens.first(sessionId, transaction) : null
    const hasFactor = method !== undefined
    const since = await sessions.tokensCountSince(user.id, transaction)
    return { reply: tokenReply(user, role, sessionId, hasFactor, since), refreshToken }
  }

  /**
   * @returns a session, or what the account asks for before there is one; nothing when the account changed since its
   * password was checked
   */
  function signIn(verified: VerifiedUser, caller: Caller): Promise<SignIn | { demand: SignInChallenge } | undefined> {
    const { user, hashedPassword } = verified
    return database.write(async (transaction) => {
      const values = [user.id, hashedPassword]
      const [unchanged] = await database.statementsIn(transaction)(FIND_UNCHANGED[database.dialect], values)
      if (!unchanged) return undefined
      const demand = await secondFactor.demand(verified, transaction)
      return demand ? { demand } : openSession(user, toRole(unchanged.role), caller, transaction)
    })
  }

  function tokenReply(user: User, role: Role, sessionId: string, hasFactor: boolean, since: number): TokenReply {
    return {
      access_token: tokens.issue(user, role, sessionId, since, hasFactor),
      token_type: 'bearer',
      expires_in: tokens.lifetimeSeconds,
      user,
    }
  }

  /**
   * @returns nothing when the token does not renew anything any more; a reused one has then ended its session. Whose
   * session it is where the proof of its key does not count: that ends nothing, whatever the token.
   */
  async function renew(
    token: string,
    sessionId: string,
    caller: Caller,
  ): Promise<SignIn | { refusedTo: string } | undefined> {
    return database.write(async (transaction) => {
      const run = database.statementsIn(transaction)
      const found = await findRenewal(database, run, { sessionId, token, now: now() })
      if (!found || found.isRevoked || found.expiresAt <= now()) return undefined
      const proof = keyProofs.spend(caller.keyProof, found)
      if (!proof) return { refusedTo: found.userId }
      const rotation = await refreshTokens.rotate(token, found.token, sessionId, transaction)
      if (rotation.outcome === 'reused') {
        await announce({ userId: found.userId, ...(await sessions.end(sessionId, transaction)) }, transaction)
        events.refreshTokenReused(found.userId, sessionId, caller, transaction)
        onReuse(sessionId)
        return undefined
      }
      const { user, role, hasFactor, tokensCountSince } = found
      if (!user.is_active) return undefined
      await sessions.renew(sessionId, found.createdAt, caller, proof, transaction)
      return { reply: tokenReply(user, role, sessionId, hasFactor, tokensCountSince), refreshToken: rotation.next }
    })
  }

  async function finishSignIn(
    refusal: 'wrong_code' | 'wrong_passkey',
    caller: Caller,
    answer: (transaction: Transaction) => Promise<SecondStep | { outcome: 'inactive' }>,
  ): Promise<SignIn> {
    const step = await database.write(async (transaction) => {
      const answered = await answer(transaction)
      if (answered.outcome !== 'proved') return answered
      return openSession(answered.user, answered.role, caller, transaction, answered.method)
    })
    if (!('outcome' in step)) return step
    if (step.outcome === 'expired') throw challengeExpired()
    if (step.outcome === 'inactive') throw accountInactive()
    events.factorRefused(step.userId, refusal, caller)
    throw refusal === 'wrong_code' ? wrongCode() : wrongPasskey()
  }

  return {
    openSession,

    /**
     * @throws {AppError} `invalid_credentials`, or `account_inactive` after the right password
     * @throws {SecondFactorRequiredError} after the right password, when the account asks for more
     */
    async login({ email, password }: LoginRequest, caller: Caller, signal?: AbortSignal): Promise<SignIn> {
      const signedIn = await untilUnchanged(async () => {
        const found = await users.verifyCredentials(email, password, signal)
        if (!found?.user.is_active) {
          events.signInRefused(email, caller, found ? 'account_inactive' : 'credentials')
          throw found ? accountInactive() : invalidCredentials()
        }
        // Without one the account has just changed, perhaps only its hash was renewed: look again.
        return signIn(found, caller)
      })
      if ('demand' in signedIn) throw new SecondFactorRequiredError(signedIn.demand)
      return signedIn
    },

    /** Whose sign-in a challenge belongs to, as limits count it. @throws {UnauthenticatedError} `challenge_expired` */
    accountOf: (challenge: string): Promise<string> => secondFactor.accountOf(challenge),

    /**
     * The second step of a sign-in.
     *
     * @throws {AppError} `wrong_code`, or `factor_unreadable`
     * @throws {UnauthenticatedError} `challenge_expired`, also after five wrong codes or a change of the account
     */
    async loginWithCode({ challenge, code }: SecondFactorRequest, caller: Caller): Promise<SignIn> {
      return finishSignIn('wrong_code', caller, (transaction) =>
        secondFactor.answer(challenge, (userId) => secondFactor.spendCode(userId, code, transaction), transaction),
      )
    },

    passkeyOptions: (site: RelyingParty, challenge?: string): Promise<PasskeyOptions> =>
      passkeySignIn.options(site, challenge),

    /**
     * The second step of a sign-in, or a sign-in of its own, whichever the challenge is for that the passkey signed.
     *
     * @throws {AppError} `wrong_passkey`, or `account_inactive`
     * @throws {UnauthenticatedError} `challenge_expired`
     */
    async loginWithPasskey({ credential }: PasskeyRequest, site: RelyingParty, caller: Caller): Promise<SignIn> {
      return finishSignIn('wrong_passkey', caller, (transaction) => passkeySignIn.answer(site, credential, transaction))
    },

    /**
     * Renews the session of a page. A spent token that is shown again ends the session: somebody has a copy of it.
     *
     * @throws {UnauthenticatedError} the token is unknown, spent, expired or revoked
     * @throws {InvalidKeyProofError} the session takes a proof of the key of its browser
     */
    async refresh(token: string | undefined, caller: Caller): Promise<SignIn> {
      const sessionId = token && (await refreshTokens.findSessionId(token))
      const renewed = sessionId && (await renew(token, sessionId, caller))
      if (renewed && 'refusedTo' in renewed) {
        events.renewalRefused(renewed.refusedTo, sessionId, caller.keyProof ? 'wrong_proof' : 'no_proof', caller)
        throw new InvalidKeyProofError(now())
      }
      if (!renewed) throw new UnauthenticatedError('not_authenticated', 'Your session has ended. Sign in again.')
      return renewed
    },

    /** The next token of a session that goes on. @throws {UnauthenticatedError} the account is gone */
    async reissue({ userId, sessionId }: SessionPrincipal, transaction: Transaction): Promise<TokenReply> {
      const row = await database.models.User.findByPk(userId, { transaction })
      const user = row && toUser(rawRow(row))
      if (!row || !user) throw sessionEnded()
      const hasFactor = (await secondFactor.methodsOf(userId, transaction)).length > 0
      const since = await sessions.tokensCountSince(userId, transaction)
      return tokenReply(user, toRole(row.role), sessionId, hasFactor, since)
    },

    /** The user behind a principal, at once where they are known. @throws {UnauthenticatedError} the account is gone or inactive */
    verify(principal: Principal): User | Promise<User> {
      const user = userCache.get(principal.userId)
      return user instanceof Promise ? user.then(requireActive) : requireActive(user)
    },

    /** What the principal may do with the credential they show. */
    permissions({ role, scopes }: Principal): Permissions {
      return { role, scopes: [...scopes] }
    },

    /** Ends the session: its token is dead when this resolves. */
    async logout(principal: SessionPrincipal): Promise<void> {
      await database.write(async (transaction) => {
        const ended = await sessions.end(principal.sessionId, transaction)
        await announce({ userId: principal.userId, ...ended }, transaction)
        events.signedOut(principal, transaction)
      })
    },

    /**
     * Sets a new password and ends every other session.
     *
     * @throws {ValidationError} the new password is too short, or one of those guessed first
     * @throws {AppError} `wrong_password`
     */
    async changePassword(
      principal: SessionPrincipal,
      input: ChangePasswordRequest,
      signal?: AbortSignal,
    ): Promise<void> {
      const { userId, sessionId } = principal
      const owner = await userCache.get(userId)
      if (owner) await newPasswords.check('new_password', input.new_password, owner)
      const changed = (transaction: Transaction) => events.passwordChanged(principal, transaction)
      if (await users.changePassword(userId, input, sessionId, changed, signal)) {
        if (owner) notices.passwordChanged(owner.email)
        return
      }
      events.passwordChangeRefused(principal)
      throw new AppError('wrong_password', 400, 'The current password is not right.')
    },
  }
}

function requireActive(user: User | undefined): User {
  if (!user?.is_active) throw sessionEnded()
  return user
}
