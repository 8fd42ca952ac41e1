import { randomUUID } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import { endpoints } from '../../contracts/endpoints'
import type { Log, RequestLines } from '../log'
import { isApiPath } from './api-path'

const CLIENT_GONE = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Gives each request an id and logs its outcome by route, never by URL: a URL may hold what a person typed. */
export function requestLog(requests: RequestLines): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now()
    const requestId = randomUUID()
    ctx.state.requestId = requestId
    await next()
    const route = routeOf(ctx)
    // Pages and scripts ask all day whether the server is well.
    const isWell = route === endpoints.health.path && ctx.res.statusCode === 200
    requests({
      level: isWell ? 'debug' : 'info',
      request_id: requestId,
      method: ctx.req.method ?? '',
      route,
      status: ctx.res.statusCode,
      duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
    })
  }
}

/** Logs what went wrong while a reply was on its way; a client that went away is nothing to look into. */
export function replyFailed(log: Log): (error: NodeJS.ErrnoException, ctx?: Context) => void {
  return (error, ctx) => {
    const level = CLIENT_GONE.has(error.code ?? '') ? 'debug' : 'error'
    log[level]({ err: error, request_id: ctx?.state.requestId }, 'reply failed')
  }
}

/** The route that answered, or, where the method was not one of its own, the one that was meant. */
function routeOf(ctx: Context): string {
  const meant: { path: string }[] = ctx.matched ?? []
  return ctx._matchedRoute ?? meant.at(-1)?.path ?? (isApiPath(ctx.path) ? 'none' : 'page')
}
