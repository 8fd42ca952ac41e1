import Router from '@koa/router'
import Koa from 'koa'
import type { Accounts } from './auth/accounts'
import { authRoutes } from './auth/auth.routes'
import { factorRoutes } from './auth/factors/factors.routes'
import { sessionRoutes } from './auth/sessions.routes'
import type { ServerConfig } from './config'
import type { Database } from './db/database'
import { MethodNotAllowedError, NotFoundError } from './errors'
import { isApiPath } from './http/api-path'
import { callerCheck } from './http/caller-check'
import { dashboard } from './http/dashboard'
import { exactRoutes } from './http/exact-routes'
import { principals, requirePrincipal } from './http/principal'
import { problems } from './http/problems'
import { readableTarget } from './http/readable-target'
import { replyFailed, requestLog } from './http/request-log'
import { checkRoutes } from './http/route'
import { securityHeaders } from './http/security-headers'
import { systemRoutes } from './http/system.routes'
import { type Ledger, ledgerRoutes } from './ledger/ledger'
import type { Limits } from './limits/limits'
import type { Log } from './log'

export interface AppParts {
  config: ServerConfig
  database: Database
  accounts: Accounts
  ledger: Ledger
  limits: Limits
  log: Log
}

/**
 * The middleware list, outermost first.
 *
 * @throws {Error} a route does not state what it asks of its callers
 */
export function createApp({ config, database, accounts, ledger, limits, log }: AppParts): Koa {
  const app = new Koa()
  app.context.limits = limits
  app.context.limitReached = accounts.limitReached
  app.on('error', replyFailed(log))

  app.use(requestLog(log))
  app.use(securityHeaders)
  app.use(problems(log))
  app.use(readableTarget)
  app.use(callerCheck(config))
  if (config.rendererFolder !== null) app.use(dashboard(config.rendererFolder))
  app.use(principals(accounts.authenticate))

  const api = new Router()
  api.use(systemRoutes(database, config.version).routes())
  api.use(authRoutes(accounts.auth).routes())
  api.use(sessionRoutes(accounts.sessions).routes())
  api.use(factorRoutes(accounts.factors).routes())
  api.use(ledgerRoutes(ledger).routes())
  checkRoutes(api)
  app.use(exactRoutes(api))
  app.use(api.routes())
  app.use(refuseUnanswered)
  return app
}

/** What no route answered: a known path by its methods, anything else under `/api` only to those who are signed in. */
function refuseUnanswered(ctx: Koa.Context): void {
  const matched: { methods: string[] }[] = ctx.matched ?? []
  const methods = new Set(matched.flatMap((layer) => layer.methods))
  if (methods.size === 0) {
    if (isApiPath(ctx.path)) requirePrincipal(ctx)
    throw new NotFoundError('resource')
  }
  const allow = [...methods, 'OPTIONS'].join(', ')
  if (ctx.method !== 'OPTIONS') throw new MethodNotAllowedError(allow)
  ctx.status = 204
  ctx.set('Allow', allow)
}
