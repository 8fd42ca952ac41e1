import type { Context, Middleware } from 'koa'
import { SECURITY_HEADERS } from './security-headers'

const HEADERS = Object.entries(SECURITY_HEADERS)
const IN_A_ROW = HEADERS.flat()

/**
 * Gives every reply its id and the security headers, but for those that it has of its own. They are set last, so that a
 * reply that is sent as a whole can hand all of its headers over at once.
 */
export const replyHeaders: Middleware = async (ctx, next) => {
  await next()
  const { res, state } = ctx
  if (res.headersSent) return
  res.setHeader('X-Request-Id', state.requestId)
  for (const [name, value] of HEADERS) if (!res.hasHeader(name)) res.setHeader(name, value)
}

/**
 * Sends a whole reply at once: Koa would look through its body, and Node at each header as it is set and once more.
 *
 * @param own names and values in turn
 */
export function sendWhole({ res, state }: Context, own: string[], text: string, encoding: BufferEncoding): void {
  res.writeHead(200, [...IN_A_ROW, 'X-Request-Id', state.requestId, ...own]).end(text, encoding)
}
