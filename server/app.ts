import Koa, { type Middleware } from 'koa'
import type { ServerConfig } from './config'
import { callerCheck } from './http/caller-check'
import { chained, watchLate } from './http/chain'
import { dashboard } from './http/dashboard'
import { problems } from './http/problems'
import { readableTarget } from './http/readable-target'
import { replyHeaders } from './http/reply-headers'
import { replyFailed, requestLog } from './http/request-log'
import type { Log, RequestLines } from './log'

export interface AppParts {
  config: ServerConfig
  log: Log
  requests: RequestLines
  /** What answers under `/api`, once the database is open: see api.ts. */
  api: Promise<Middleware>
}

/**
 * The middleware list, outermost first. Pages are served at once; requests for the API wait for it, so that a window
 * loads its page while the database is being opened.
 */
export function createApp({ config, log, requests, api }: AppParts): Koa {
  const app = Object.assign(new Koa(), { compose: chained })
  watchLate(app)
  app.on('error', replyFailed(log))

  app.use(requestLog(requests))
  app.use(replyHeaders)
  app.use(problems(log))
  app.use(readableTarget)
  app.use(callerCheck(config))
  if (config.rendererFolder !== null) app.use(dashboard(config.rendererFolder))
  app.use(onceThere(api))
  return app
}

function onceThere(awaited: Promise<Middleware>): Middleware {
  let handle: Middleware = async (ctx, next) => (await awaited)(ctx, next)
  awaited.then(
    (there) => {
      handle = there
    },
    () => undefined, // told to each request that waited
  )
  return (ctx, next) => handle(ctx, next)
}
