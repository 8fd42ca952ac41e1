import type { Middleware } from 'koa'
import { AppError } from '../errors'

// With no colon before its first slash a target is a path, `*`, or a name that leads nowhere (RFC 9112 section 3.2).
const NOT_IN_FULL = /^(?:\/|[^/?#:]*(?:[/?#]|$))/
const IN_FULL = /^https?:\/\/(?:[^/?#@%]*@)?(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:[/?#]|$)/i

/**
 * Refuses a target that names no place, before anything reads a path from it: Node's older parser of addresses throws
 * at some of them and prints others, with all that is in them, on stderr.
 */
export const readableTarget: Middleware = (ctx, next) => {
  if (isReadable(ctx.req.url ?? '')) return next()
  // Named here, because the log would look for it in the path.
  ctx._matchedRoute = 'none'
  throw new AppError('invalid_request', 400, 'The target of the request is not a valid address.')
}

function isReadable(target: string): boolean {
  if (NOT_IN_FULL.test(target)) return true
  if (!IN_FULL.test(target)) return false
  try {
    new URL(target)
    return true
  } catch {
    return false
  }
}
