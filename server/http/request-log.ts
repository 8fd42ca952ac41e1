import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Log } from '../log'
import { isApiPath } from './api-path'

/** Gives each request an id and logs its outcome by route, never by URL: a URL may hold what a person typed. */
export function requestLog(log: Log): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now()
    const requestId = randomUUID()
    ctx.state.requestId = requestId
    ctx.set('X-Request-Id', requestId)
    await next()
    log.info({
      request_id: requestId,
      method: ctx.method,
      route: ctx._matchedRoute ?? (isApiPath(ctx.path) ? 'none' : 'page'),
      status: ctx.status,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
    })
  }
}
