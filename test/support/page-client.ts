import { type TokenReply, tokenReply } from '../../contracts/auth'
import { refreshCookieName } from '../../contracts/refresh-cookie'
import type { Account, Reply, TestClient } from './test-client'

export interface PageClient {
  /** The refresh cookie as the browser holds it; '' when it has none. */
  cookie: string
  signIn(account: Account, headers?: Record<string, string>): Promise<TokenReply>
  /** Renews with the cookie, or with another one that is named, and keeps what comes back. */
  refresh(cookie?: string, headers?: Record<string, string>): Promise<Reply>
}

/** Speaks to a server as a page of its own does: it sends its Origin, and keeps the refresh cookie. */
export function asPage(client: TestClient): PageClient {
  const headers = { origin: client.origin, 'sec-fetch-site': 'same-origin', 'user-agent': FIREFOX }
  const page: PageClient = {
    cookie: '',
    async signIn({ email, password }, other = {}) {
      const reply = await client.post('/api/auth/login', { email, password }, { headers: { ...headers, ...other } })
      page.cookie = refreshCookie(reply)?.value ?? ''
      return tokenReply.parse(reply.body)
    },
    async refresh(cookie = page.cookie, other = {}) {
      const reply = await client.request('POST', '/api/auth/refresh', undefined, {
        headers: {
          ...headers,
          ...(cookie === '' ? {} : { cookie: `${refreshCookieName(new URL(client.origin).host)}=${cookie}` }),
          ...other,
        },
      })
      page.cookie = refreshCookie(reply)?.value ?? page.cookie
      return reply
    },
  }
  return page
}

export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The refresh cookie that a reply sets, with its attributes as they stand. */
export function refreshCookie(reply: Reply): { value: string; attributes: string[] } | undefined {
  const line = reply.headers.getSetCookie().find((header) => /^aurelius_refresh_\d+=/.test(header))
  if (line === undefined) return undefined
  const [pair = '', ...attributes] = line.split('; ')
  return { value: pair.slice(pair.indexOf('=') + 1), attributes }
}
