import type { Context } from 'koa'
import { endpoints } from '../../contracts/endpoints'
import type { Caller } from '../auth/sessions'

export const REFRESH_COOKIE = 'aurelius_refresh'

const FOURTEEN_DAYS = 14 * 86_400
const ATTRIBUTES = `Path=${endpoints.refresh.path}; HttpOnly; SameSite=Strict`

/**
 * Who is calling, as far as a request shows it. A page of ours is known by its Origin, which no other page can send
 * here (see the caller check) and no script sends.
 */
export function callerOf(ctx: Context): Caller {
  return { address: ctx.ip.replace(/^::ffff:/, ''), userAgent: ctx.get('User-Agent'), isPage: isOwnPage(ctx) }
}

/** Gives a page its refresh token where no script of the page can read it; nobody else gets one. */
export function setRefreshCookie(ctx: Context, token: string | null): void {
  if (token !== null) write(ctx, token, FOURTEEN_DAYS)
}

export function clearRefreshCookie(ctx: Context): void {
  write(ctx, '', 0)
}

/** The refresh token, unless the request may come from another page: browsers say so in Origin and Sec-Fetch-Site. */
export function refreshTokenOf(ctx: Context): string | undefined {
  const site = ctx.get('Sec-Fetch-Site')
  if (!isOwnPage(ctx) || (site !== '' && site !== 'same-origin')) return undefined
  return ctx.cookies.get(REFRESH_COOKIE)
}

function isOwnPage(ctx: Context): boolean {
  const origin = ctx.get('Origin')
  return origin !== '' && new URL(origin).host === ctx.host
}

// Set by hand: on a plain loopback address there is no TLS that `Secure` could ask for.
function write(ctx: Context, value: string, maxAge: number): void {
  const secure = ctx.get('Origin').startsWith('https:') ? '; Secure' : ''
  ctx.append('Set-Cookie', `${REFRESH_COOKIE}=${value}; Max-Age=${maxAge}; ${ATTRIBUTES}${secure}`)
}
