import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { REALTIME_PATH } from '../contracts/realtime'
import { auditRoutes } from './audit/audit.routes'
import { openAuditLog } from './audit/open-audit-log'
import { openAccounts } from './auth/accounts'
import { authRoutes } from './auth/auth.routes'
import { emailAddressRoutes } from './auth/email-address.routes'
import { factorAdministrationRoutes } from './auth/factors/factor-administration.routes'
import { factorRoutes } from './auth/factors/factors.routes'
import { invitationRoutes } from './auth/invitations.routes'
import { keyRoutes } from './auth/keys/keys.routes'
import { createLockAdministration } from './auth/lock-administration'
import { passwordResetRoutes } from './auth/password-reset.routes'
import { profileRoutes } from './auth/profile.routes'
import { registrationRoutes } from './auth/registration.routes'
import { sessionRoutes } from './auth/sessions.routes'
import { signingKeyRoutes } from './auth/signing-keys.routes'
import { userAdministrationRoutes } from './auth/user-administration.routes'
import type { ServerConfig, ServerSecrets } from './config'
import { openDatabase } from './db/connect'
import { MethodNotAllowedError, NotFoundError } from './errors'
import { isApiPath } from './http/api-path'
import { exactRoutes } from './http/exact-routes'
import { requirePrincipal } from './http/principal'
import { checkRoutes } from './http/route'
import { systemRoutes } from './http/system.routes'
import type { Closer, StartHooks } from './index'
import { ledgerRoutes, openLedger } from './ledger/ledger'
import { openLimits } from './limits/open-limits'
import type { Log } from './log'
import { accountStream } from './realtime/account-stream'
import { ledgerStream } from './realtime/ledger-stream'
import { openRealtime } from './realtime/realtime'
import { createStream } from './realtime/stream'
import type { SigningKey } from './signing-keys'

export interface ApiSurroundings {
  config: ServerConfig
  secrets: ServerSecrets
  hooks: StartHooks
  log: Log
  /** Takes what has to be closed, also where opening fails half-way. */
  closers: Closer[]
}

export interface Api {
  answer: Middleware
  /** Ends every socket and takes no more; until then the listener does not close. */
  closeSockets(): void
  /** Makes the first administrator; `null` when somebody has an account. */
  setupCode: string | null
  replaceSigningKeys(keys: SigningKey[]): void
}

/**
 * Opens the database, brings it up to date, and mounts every route on it.
 *
 * @throws {StartError} with one plain sentence and an exit code when it cannot
 * @throws {Error} a route does not state what it asks of its callers
 */
export async function openApi({ config, secrets, hooks, log, closers }: ApiSurroundings): Promise<Api> {
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress: (step) => {
      log.info(step)
      hooks.onProgress?.(step)
    },
    onNotice: (sentence) => log.warn(sentence),
    onStatement: (sql) => log.info({ sql: withoutValues(sql) }, 'statement'),
  })
  closers.push(() => database.close())
  const now = hooks.now ?? Date.now
  const auditLog = openAuditLog({ database, config, secrets, heads: hooks.auditHeads, log, now })
  closers.push(() => auditLog.close())
  const { audit } = auditLog
  const accounts = await openAccounts(database, config, secrets, audit, log, now, hooks.signingKeyStore)
  closers.push(() => accounts.close())
  const { limits, close: closeLimits } = await openLimits(database, secrets, log, now)
  closers.push(closeLimits)
  const locks = createLockAdministration(database, limits, accounts.administration, audit)
  const place = { config: config.database, password: secrets.databasePassword }
  const ledger = openLedger({ database, place, audit, log, now })
  closers.push(() => ledger.close())
  const streams = {
    ledger: createStream(ledgerStream(ledger), log),
    account: createStream(accountStream(auditLog.news), log),
  }
  const realtime = openRealtime({ accounts, streams, now })

  const router = new Router()
  router.use(systemRoutes(database, config.version).routes())
  router.use(authRoutes(accounts.auth).routes())
  router.use(emailAddressRoutes(accounts.addresses).routes())
  router.use(passwordResetRoutes(accounts.passwordReset, config.publicUrl).routes())
  router.use(profileRoutes(accounts.profile, accounts.accountData).routes())
  router.use(registrationRoutes(accounts.registration).routes())
  router.use(invitationRoutes(accounts.invitations).routes())
  router.use(userAdministrationRoutes(accounts.administration, locks).routes())
  router.use(sessionRoutes(accounts.sessions).routes())
  router.use(signingKeyRoutes(accounts.signingKeys).routes())
  router.use(factorAdministrationRoutes(accounts.factorAdministration).routes())
  router.use(factorRoutes(accounts.factors, accounts.passkeys, accounts.proofs).routes())
  router.use(auditRoutes(auditLog.service).routes())
  router.use(keyRoutes(accounts.apiKeys).routes())
  router.use(ledgerRoutes(ledger).routes())
  checkRoutes(router)

  const exact = exactRoutes(router)
  const routes = router.routes() as unknown as Middleware
  const answer: Middleware = (ctx) => {
    ctx.limits = limits
    ctx.limitReached = accounts.limitReached
    if (ctx.path === REALTIME_PATH) return realtime.answer(ctx)
    ctx.state.authenticate = accounts.authenticate
    ctx.state.proofs = accounts.proofs
    return exact(ctx, () => routes(ctx, () => refuseUnanswered(ctx)))
  }
  return {
    answer,
    closeSockets: realtime.close,
    setupCode: await accounts.registration.setupCode(),
    replaceSigningKeys: accounts.replaceSigningKeys,
  }
}

/** What no route answered: a known path by its methods, anything else under `/api` only to those who are signed in. */
async function refuseUnanswered(ctx: Context): Promise<void> {
  const matched: { methods: string[] }[] = ctx.matched ?? []
  const methods = new Set(matched.flatMap((layer) => layer.methods))
  if (methods.size === 0) {
    if (isApiPath(ctx.path)) await requirePrincipal(ctx)
    throw new NotFoundError('resource')
  }
  const allow = [...methods, 'OPTIONS'].join(', ')
  if (ctx.method !== 'OPTIONS') throw new MethodNotAllowedError(allow)
  ctx.status = 204
  ctx.set('Allow', allow)
}

/** DB_ECHO is for the shape of statements; what is in them belongs to people. */
function withoutValues(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "'…'")
}
