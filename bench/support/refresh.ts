import { endpoints } from '../../contracts/endpoints'
import { refreshCookieName } from '../../contracts/refresh-cookie'

/** A page's request to renew its session. */
export function refreshRequest(port: number, token: string): Buffer {
  const host = `127.0.0.1:${port}`
  const head = [
    `POST ${endpoints.refresh.path} HTTP/1.1`,
    `Host: ${host}`,
    `Origin: http://${host}`,
    `Cookie: ${refreshCookieName(host)}=${token}`,
    'Content-Length: 0',
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`)
}

/** @throws {Error} the answer sets no refresh token */
export function refreshCookieIn(head: string): string {
  const token = /\r\nset-cookie: [^=;\r]+=([\w-]{43});/i.exec(head)?.[1]
  if (token === undefined) throw new Error('the server gave no refresh token')
  return token
}
