import type { Transaction } from 'sequelize'
import type { Audit } from '../audit/audit'
import type { ServerConfig, ServerSecrets } from '../config'
import type { AccountChange } from '../db/account-change'
import { type ChangeFeed, type ChangeListener, openChangeFeed } from '../db/change-feed'
import type { Database } from '../db/database'
import { explainDatabaseFailure } from '../db/failures'
import { lastingSecret } from '../lasting-secret'
import type { Log } from '../log'
import { createMailer } from '../mail/mailer'
import type { SigningKeyStore } from '../signing-keys'
import { createAccountDataService } from './account-data'
import { createAccountNotices } from './account-notices'
import { createAuthService } from './auth.service'
import { createAuthEvents } from './auth-events'
import { createAuthenticator } from './authenticator'
import { createEmailAddressService } from './email-address.service'
import { createChallenges } from './factors/challenges'
import { createFactorAdministration } from './factors/factor-administration'
import { createFactorEvents } from './factors/factor-events'
import { createFactorsService } from './factors/factors.service'
import { createPasskeySignIn } from './factors/passkey-sign-in'
import { createPasskeys } from './factors/passkeys'
import { createPasskeysService } from './factors/passkeys.service'
import { createProofs } from './factors/proofs'
import { createRecoveryCodes } from './factors/recovery-codes'
import { createRequirement } from './factors/requirement'
import { createSealedText } from './factors/sealed-text'
import { createSecondFactor } from './factors/second-factor'
import { createHashPool } from './hash-pool'
import { createInvitations } from './invitations'
import { createInvitationsService } from './invitations.service'
import { keepRing } from './keep-ring'
import { openApiKeys } from './keys/open-keys'
import { createNewPasswordRules } from './new-password-rules'
import { createOneTimeTokens } from './one-time-tokens'
import { createPasswordProof } from './password-proof'
import { createPasswordResetService } from './password-reset.service'
import { createPasswords } from './passwords'
import { createProfileService } from './profile.service'
import { createRefreshTokens } from './refresh-tokens'
import { createRegistrationService } from './registration.service'
import { createRevocations } from './revocations'
import { createSessions } from './sessions'
import { createSessionsService } from './sessions.service'
import { makeSetupCode } from './setup-code'
import { createSigningKeysService } from './signing-keys.service'
import { createTokens } from './tokens'
import { createUserAdministration } from './user-administration'
import { createUserCache } from './user-cache'
import { createUsersService } from './users.service'

const CLEAN_UP_MS = 10 * 60_000

/** Learns which account changed; `null` where it may be any. */
export type AccountWatcher = (userId: string | null) => void

export type Accounts = Awaited<ReturnType<typeof openAccounts>>

/** Puts the account side together: who may sign in, whose tokens count, and how the other nodes hear of it. */
export async function openAccounts(
  database: Database,
  config: ServerConfig,
  secrets: ServerSecrets,
  audit: Audit,
  log: Log,
  now: () => number,
  signingKeyStore?: SigningKeyStore,
) {
  const revocations = createRevocations(now)
  const requirement = createRequirement(database.models, now)
  const sessions = createSessions(database, config.tokens.lifetimeSeconds, now)
  const pool = createHashPool()
  const passwords = createPasswords(pool, config.bcryptRounds)

  const apiKeys = openApiKeys({
    requirement,
    database,
    audit,
    announce: (change, transaction) => announce(change, transaction),
    isCurrent: () => feed.isCurrent(),
    requireFresh: (principal) => proofs.requireFresh(principal),
    log,
    now,
  })
  const userCache = createUserCache((id) => users.findById(id))
  const watchers = new Set<AccountWatcher>()
  const apply = (change: AccountChange) => {
    revocations.add(change)
    userCache.forget(change.userId)
    apiKeys.check.forget(change.userId)
    for (const watcher of watchers) watcher(change.userId)
    if (change.secondFactorRequired !== undefined) requirement.note(change.secondFactorRequired)
  }
  let endingsKnownAt: number | undefined
  const reload = async () => {
    const startedAt = now()
    revocations.add(await sessions.findEnded(endingsKnownAt))
    endingsKnownAt = startedAt
    userCache.forgetAll()
    apiKeys.check.forgetAll()
    for (const watcher of watchers) watcher(null)
    await requirement.load()
  }
  const feed = await followChanges(
    database,
    config,
    secrets,
    {
      onChange: apply,
      onGap: reload,
      onTrouble: (error) => log.warn({ err: error }, 'following account changes failed; trying again'),
    },
    now,
  )
  const announce = async (change: AccountChange, transaction: Transaction) => {
    await feed.announce(change, transaction)
    transaction.afterCommit(() => apply(change))
  }
  const users = createUsersService({ database, passwords, sessions, announce })
  const events = createAuthEvents(audit, users)
  const tokens = createTokens({ signingKeys: secrets.signingKeys, ...config.tokens, now })
  const stopKeepingRing = signingKeyStore
    ? keepRing({ tokens, store: signingKeyStore, database, audit, log, now })
    : async () => undefined
  const challenges = createChallenges(database.models, now)
  const recoveryCodes = createRecoveryCodes(database.models, now)
  const oneTimeTokens = createOneTimeTokens(database.models, now)
  const newPasswords = createNewPasswordRules(config.passwordMinLength)
  const mailer = createMailer(config.mail, secrets.mailPassword, log)
  const notices = createAccountNotices(mailer, config.publicUrl, users.findById)
  const sealed = createSealedText(secrets.dataKey)
  const secondFactor = createSecondFactor({ database, challenges, recoveryCodes, sealed, requirement, now })
  const factorEvents = createFactorEvents(audit)
  const passkeys = createPasskeys(database.models, now)
  const proofs = createProofs({
    database,
    users,
    sessions,
    secondFactor,
    challenges,
    passkeys,
    events: factorEvents,
    announce,
    reissue: (principal, transaction) => auth.reissue(principal, transaction),
    now,
  })
  const cleanUp = setInterval(() => {
    revocations.forgetExpired()
    database
      .write(async (transaction) => {
        await sessions.deleteExpired(transaction)
        await challenges.deleteExpired(transaction)
        await oneTimeTokens.deleteExpired(transaction)
        await apiKeys.service.deleteExpired(transaction)
      })
      .catch((error) => log.warn({ err: error }, 'clearing what has expired failed'))
  }, CLEAN_UP_MS)
  cleanUp.unref()

  const withPassword = createPasswordProof(database, passwords, sessions)
  const addresses = createEmailAddressService({
    database,
    withPassword,
    tokens: oneTimeTokens,
    announce,
    audit,
    mailer,
    notices,
    publicUrl: config.publicUrl,
    now,
  })
  const auth = createAuthService({
    database,
    users,
    userCache,
    sessions,
    refreshTokens: createRefreshTokens(database, now),
    tokens,
    secondFactor,
    newPasswords,
    notices,
    passkeySignIn: createPasskeySignIn({ database, challenges, passkeys, secondFactor }),
    announce,
    events,
    onReuse: (sessionId) => log.warn({ session_id: sessionId }, 'a spent refresh token was shown again: session ended'),
    now,
  })

  return {
    users,
    auth,
    registration: createRegistrationService({
      database,
      users,
      invitations: createInvitations(database, audit, now),
      openSession: auth.openSession,
      events,
      audit,
      newPasswords,
      sendVerification: addresses.sendVerification,
      settings: {
        registration: config.registration,
        password_min_length: config.passwordMinLength,
        has_mail: mailer.isAvailable,
      },
      isSecondFactorRequired: requirement.isRequired,
      setupCode: makeSetupCode(lastingSecret(secrets)),
    }),
    invitations: createInvitationsService(database, audit, now),
    administration: createUserAdministration({ database, users, sessions, announce, audit, now }),
    signingKeys: createSigningKeysService({ tokens, store: signingKeyStore, database, audit, now }),
    proofs,
    factorAdministration: createFactorAdministration({ database, sessions, requirement, announce, audit, notices }),
    factors: createFactorsService({
      database,
      secondFactor,
      passkeys,
      recoveryCodes,
      sealed,
      events: factorEvents,
      notices,
      announce,
      now,
    }),
    passkeys: createPasskeysService({
      database,
      challenges,
      passkeys,
      secondFactor,
      recoveryCodes,
      events: factorEvents,
      notices,
      announce,
      now,
    }),
    addresses,
    passwordReset: createPasswordResetService({
      database,
      users,
      passwords,
      newPasswords,
      sessions,
      tokens: oneTimeTokens,
      announce,
      audit,
      mailer,
      notices,
      publicUrl: config.publicUrl,
      now,
    }),
    profile: createProfileService({
      database,
      sessions,
      withPassword,
      announce,
      audit,
    }),
    accountData: createAccountDataService(database, audit, now),
    sessions: createSessionsService({ database, sessions, announce, audit }),
    apiKeys: apiKeys.service,
    limitReached: events.limitReached,
    authenticate: createAuthenticator(tokens, revocations, apiKeys.check, requirement, feed.isCurrent),
    mailSettled: mailer.settled,
    replaceSigningKeys: tokens.replaceKeys,
    /** Calls a watcher once an account changed, here or on another node, and its ended tokens count no more. */
    watch: (watcher: AccountWatcher) => watchers.add(watcher),
    async close() {
      clearInterval(cleanUp)
      await stopKeepingRing()
      await mailer.close()
      await apiKeys.check.close()
      await feed.close()
      await pool.close()
    },
  }
}

/** Joins the other nodes first and loads what they changed before second, so that nothing falls in between. */
async function followChanges(
  database: Database,
  config: ServerConfig,
  secrets: ServerSecrets,
  listener: ChangeListener,
  now: () => number,
): Promise<ChangeFeed> {
  let feed: ChangeFeed | undefined
  try {
    feed = await openChangeFeed(database, config.database, secrets.databasePassword, listener, now)
    await listener.onGap()
    return feed
  } catch (cause) {
    await feed?.close()
    throw explainDatabaseFailure(cause, config.database)
  }
}
