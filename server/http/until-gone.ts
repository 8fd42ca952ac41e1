import type { Context } from 'koa'

/** Aborted when the caller hangs up, so that nothing is hashed for nobody. */
export function untilGone({ req, res }: Context): AbortSignal {
  const gone = new AbortController()
  if (req.socket.destroyed) gone.abort()
  res.once('close', () => gone.abort())
  return gone.signal
}
