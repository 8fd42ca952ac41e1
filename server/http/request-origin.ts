import type { Context } from 'koa'
import type { RequestOrigin } from '../audit/actor'

/** Where a request comes from. The address is the socket's: headers that name another are anybody's. */
export function originOf({ req, state }: Context): RequestOrigin {
  return {
    address: (req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    userAgent: req.headers['user-agent'] ?? '',
    requestId: state.requestId,
  }
}
