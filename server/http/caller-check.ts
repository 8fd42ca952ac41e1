import type { IncomingMessage } from 'node:http'
import type { Context, Middleware } from 'koa'
import { endpoints } from '../../contracts/endpoints'
import { isLoopback, type ServerConfig } from '../config'
import { AppError } from '../errors'
import { isApiPath } from './api-path'

const METHODS = [...new Set(['GET', 'HEAD', ...Object.values(endpoints).map(({ method }) => method.toUpperCase())])]
const HEADERS = 'Authorization, Content-Type'
const EXPOSED = 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate'
const PREFLIGHT_SECONDS = '600'
const MOST_REMEMBERED = 64

/**
 * Answers only to its own names, so that a foreign name rebound to loopback gets nothing, and under `/api` only to
 * pages of this origin or of one that was allowed. Programs that are no browser send no Origin and pass.
 */
export function callerCheck({ allowedHosts, allowedOrigins }: ServerConfig): Middleware {
  const hosts = new Set(allowedHosts)
  const origins = new Set(allowedOrigins)
  // What a request may name us by, as it is written there, and the name in it.
  const ours = new Map<string, string>()

  function nameOfOurs(host: string): string | undefined {
    const name = hostName(host)
    if (name === undefined || !(isLoopback(name) || hosts.has(name))) return undefined
    if (ours.size < MOST_REMEMBERED) ours.set(host, name)
    return name
  }

  return (ctx, next) => {
    const host = authorityOf(ctx.req) ?? ''
    const name = ours.get(host) ?? nameOfOurs(host)
    if (name === undefined)
      throw new AppError(
        'host_not_allowed',
        421,
        'This server does not answer under that host name: whoever runs it can add the name to ALLOWED_HOSTS.',
      )

    // A target in full replaces the Host header for all that reads it later (RFC 9112 section 3.2.2).
    ctx.req.headers.host = host
    const origin = ctx.req.headers.origin
    if (origin === undefined || !isApiPath(ctx.path)) return next()
    if (origin === `http://${host}` || (hosts.has(name) && origin === `https://${host}`)) return next()
    if (!origins.has(origin))
      throw new AppError(
        'origin_not_allowed',
        403,
        'Pages of that origin may not use this API: whoever runs the server can add it to ALLOWED_ORIGINS.',
      )
    return answerOtherOrigin(ctx, origin, next)
  }
}

function answerOtherOrigin(ctx: Context, origin: string, next: () => Promise<unknown>): Promise<unknown> | undefined {
  ctx.set('Access-Control-Allow-Origin', origin)
  ctx.set('Access-Control-Expose-Headers', EXPOSED)
  ctx.vary('Origin')
  if (ctx.method !== 'OPTIONS' || !ctx.get('Access-Control-Request-Method')) return next()
  ctx.set('Access-Control-Allow-Methods', METHODS.join(', '))
  ctx.set('Access-Control-Allow-Headers', HEADERS)
  ctx.set('Access-Control-Max-Age', PREFLIGHT_SECONDS)
  ctx.status = 204
  return undefined
}

/**
 * Whom a request is for: a target in full counts more than the Host header, and of that there is one line (RFC 9112
 * sections 3.2 and 3.2.2). `undefined` where it names nobody, or two.
 */
function authorityOf({ url = '', headers, rawHeaders }: IncomingMessage): string | undefined {
  let lines = 0
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') lines += 1
  if (lines > 1) return undefined
  if (url.startsWith('/')) return headers.host
  const inFull = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)
  return inFull ? inFull[1] : headers.host
}

/** The name in a Host header without its port, in lower case; `undefined` where there is none. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\\]+))(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}
