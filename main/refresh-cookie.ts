import { session } from 'electron'
import type { endpoints } from '../contracts/endpoints'
import { REFRESH_COOKIE_NAMES, refreshCookieName } from '../contracts/refresh-cookie'
import { originOf } from './lockdown'
import type { RefreshToken } from './refresh-token'

const RENEWAL: typeof endpoints.refresh.path = '/api/auth/refresh'
const SIGN_OUT: typeof endpoints.logout.path = '/api/auth/logout'
const UNAUTHENTICATED = 401

type Headers = Record<string, string[]>
interface Exchange {
  id: number
  method: string
  url: string
}

export interface Origins {
  /** Where the dashboard lives, `null` while there is no server. */
  own(): string | null
  /** Where it was last seen; `null` before the first time. */
  last(): string | null
  /** Where it was in an earlier run of the app, where that is known: a page may have been loaded for it. */
  earlier: string | null
}

/**
 * Stands between the page and its server, where a browser has its cookie store: the refresh cookie is taken out of what
 * the server answers and put on the one request that needs it, so neither the page nor Chromium ever holds it. While the
 * server is away, nothing is sent to where it was: whoever listens there by now is not ours.
 */
export function guardRequests(token: RefreshToken, origins: Origins): void {
  const { webRequest } = session.defaultSession
  const sent = new Map<number, string>() // by request, until it is answered
  const former = new Set<string>(origins.earlier === null ? [] : [origins.earlier]) // where the dashboard was, and is

  const isOurs = (url: string) => origins.own() !== null && placeOf(url) === origins.own()
  const isPostTo = (path: string, { method, url }: Exchange) => method === 'POST' && new URL(url).pathname === path
  const isRenewal = (exchange: Exchange) => isOurs(exchange.url) && isPostTo(RENEWAL, exchange)

  webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] }, (details, proceed) => {
    const last = origins.last()
    if (last !== null) former.add(last)
    const wasOurs = former.has(placeOf(details.url) ?? '')
    // Whoever signs out is signed out here, even where the server cannot be told.
    if (wasOurs && isPostTo(SIGN_OUT, details)) token.set(null)
    proceed({ cancel: !isOurs(details.url) && (wasOurs || details.resourceType === 'mainFrame') })
  })

  webRequest.onBeforeSendHeaders({ urls: [`*://*${RENEWAL}`] }, async (details, proceed) => {
    const { Cookie: _foreign, ...requestHeaders } = details.requestHeaders
    const value = isRenewal(details) ? await token.get() : null
    if (value !== null && isOurs(details.url)) {
      sent.set(details.id, value)
      requestHeaders.Cookie = `${refreshCookieName(new URL(details.url).host)}=${value}`
    }
    proceed({ requestHeaders })
  })

  webRequest.onHeadersReceived({ urls: ['*://*/api/*'] }, (details, proceed) => {
    const { given, others } = takeOut(details.responseHeaders ?? {}, refreshCookieName(new URL(details.url).host))
    if (isOurs(details.url) && !isTooLate(details)) {
      if (given !== undefined) token.set(given)
      else if (isRenewal(details) && details.statusCode === UNAUTHENTICATED) token.set(null)
    }
    sent.delete(details.id)
    proceed(others === undefined ? {} : { responseHeaders: others })
  })

  webRequest.onErrorOccurred({ urls: [`*://*${RENEWAL}`] }, ({ id }) => void sent.delete(id))

  /** Meanwhile somebody signed in or out: this answers a token that is ours no more, or was sent without one. */
  function isTooLate(details: Exchange): boolean {
    const asked = sent.get(details.id)
    return isRenewal(details) && (asked === undefined || !token.is(asked))
  }
}

/** A socket goes to the same place as a request, and shows the same token there. */
const placeOf = (url: string) => originOf(url.replace(/^ws/, 'http'))

/**
 * What the response gives as refresh cookie (`null`: it clears it, `undefined`: neither), and, where it has any, its
 * headers without. One by the name of another port is taken out as well: Chromium would send it there.
 */
function takeOut(headers: Headers, own: string): { given: string | null | undefined; others: Headers | undefined } {
  let given: string | null | undefined
  let found = false
  const others: Headers = {}
  for (const [header, lines] of Object.entries(headers)) {
    others[header] = lines.filter((line) => {
      const name = line.split('=', 1)[0] ?? ''
      if (header.toLowerCase() !== 'set-cookie' || !REFRESH_COOKIE_NAMES.test(name)) return true
      found = true
      if (name === own) given = /;\s*max-age=0\s*(;|$)/i.test(line) ? null : line.slice(own.length + 1).split(';', 1)[0]
      return false
    })
  }
  return { given, others: found ? others : undefined }
}
