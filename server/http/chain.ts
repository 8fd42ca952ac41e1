import type { Context, Middleware } from 'koa'

type Chain = (ctx: Context, next?: () => unknown) => Promise<unknown>

/** Composes middleware as Koa's own does, but makes no promise where a middleware makes none. */
export function chained(middleware: Middleware[]): Chain {
  const run = (ctx: Context, at: number): unknown =>
    middleware[at]?.(ctx as Parameters<Middleware>[0], () => run(ctx, at + 1) as Promise<unknown>)
  return async (ctx) => run(ctx, 0)
}

interface Application {
  handleRequest(ctx: Context, chain: Chain): Promise<unknown>
}

/**
 * Lets Koa watch over the end of a reply from when it sends one. It would from the start, with listeners on reply and
 * socket, also where the reply is long on its way when the chain ends.
 */
export function watchLate(app: object): void {
  const koa = app as Application
  const send = koa.handleRequest.bind(koa)
  koa.handleRequest = (ctx, chain) => {
    ctx.res.statusCode = 404
    const sendAfter = (ended: () => Promise<void>) => {
      const { statusCode } = ctx.res
      return send(ctx, () => {
        ctx.res.statusCode = statusCode
        return ended()
      })
    }
    return chain(ctx).then(
      () => (ctx.respond === false ? undefined : sendAfter(async () => undefined)),
      (error) => sendAfter(() => Promise.reject(error)),
    )
  }
}
