import { randomUUID } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import type { Log } from '../log'
import { isApiPath } from './api-path'

/** Gives each request an id and logs its outcome by route, never by URL: a URL may hold what a person typed. */
export function requestLog(log: Log): Middleware {
  // Nothing in these lines is a secret, so none is looked for: that costs more than all else of a line.
  const requests = log.child({}, { redact: [] })
  return async (ctx, next) => {
    const startedAt = performance.now()
    const requestId = randomUUID()
    ctx.state.requestId = requestId
    ctx.res.setHeader('X-Request-Id', requestId)
    await next()
    requests.info({
      request_id: requestId,
      method: ctx.req.method,
      route: routeOf(ctx),
      status: ctx.res.statusCode,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
    })
  }
}

/** The route that answered, or, where the method was not one of its own, the one that was meant. */
function routeOf(ctx: Context): string {
  const meant: { path: string }[] = ctx.matched ?? []
  return ctx._matchedRoute ?? meant.at(-1)?.path ?? (isApiPath(ctx.path) ? 'none' : 'page')
}
