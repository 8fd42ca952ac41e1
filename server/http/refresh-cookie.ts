import type { Context } from 'koa'
import { endpoints } from '../../contracts/endpoints'
import { FORMER_REFRESH_COOKIE, refreshCookieName } from '../../contracts/refresh-cookie'
import type { Caller } from '../auth/sessions'
import { isOwnPage } from './own-address'
import { originOf } from './request-origin'

const FOURTEEN_DAYS = 14 * 86_400
const ATTRIBUTES = `Path=${endpoints.refresh.path}; HttpOnly; SameSite=Strict`

/**
 * Who is calling, as far as a request shows it. A page of ours is known by its Origin, which no other page can send
 * here (see the caller check) and no script sends.
 */
export function callerOf(ctx: Context): Caller {
  const isPage = isOwnPage(ctx)
  const jwt = ctx.get('DPoP')
  if (!isPage || jwt === '') return { ...originOf(ctx), isPage }
  const address = ctx.get('Origin') + ctx.path
  return { ...originOf(ctx), isPage, keyProof: { jwt, method: ctx.method, address } }
}

/** Gives a page its refresh token where no script of the page can read it; nobody else gets one. */
export function setRefreshCookie(ctx: Context, token: string | null): void {
  if (token === null) return
  write(ctx, refreshCookieName(ctx.host), token, FOURTEEN_DAYS)
  if (hasFormerAlone(ctx)) write(ctx, FORMER_REFRESH_COOKIE, '', 0)
}

export function clearRefreshCookie(ctx: Context): void {
  write(ctx, refreshCookieName(ctx.host), '', 0)
}

/** The refresh token, unless the request may come from another page: browsers say so in Origin and Sec-Fetch-Site. */
export function refreshTokenOf(ctx: Context): string | undefined {
  const site = ctx.get('Sec-Fetch-Site')
  if (!isOwnPage(ctx) || (site !== '' && site !== 'same-origin')) return undefined
  return ctx.cookies.get(hasFormerAlone(ctx) ? FORMER_REFRESH_COOKIE : refreshCookieName(ctx.host))
}

/** Whether the browser was last here before an update. Its cookie may also be another server's, and then renews nothing. */
function hasFormerAlone(ctx: Context): boolean {
  const name = refreshCookieName(ctx.host)
  return (
    name !== FORMER_REFRESH_COOKIE &&
    ctx.cookies.get(name) === undefined &&
    ctx.cookies.get(FORMER_REFRESH_COOKIE) !== undefined
  )
}

// Set by hand: on a plain loopback address there is no TLS that `Secure` could ask for.
function write(ctx: Context, name: string, value: string, maxAge: number): void {
  const secure = ctx.get('Origin').startsWith('https:') ? '; Secure' : ''
  ctx.append('Set-Cookie', `${name}=${value}; Max-Age=${maxAge}; ${ATTRIBUTES}${secure}`)
}
