import type Router from '@koa/router'
import type { Context, Middleware, Next } from 'koa'

type Handler = (ctx: Context, next: Next) => unknown

/**
 * Answers the routes of a router that are a plain path, found by that path. The router itself tries every pattern it
 * has, which costs more than a short answer; what is left to it is any other path, spelling or method.
 */
export function exactRoutes(router: Router): Middleware {
  const handlers = new Map<string, { route: string; handle: Handler }>()
  for (const { path, methods } of router.stack) {
    for (const method of methods) {
      const [layer, ...others] = router.match(String(path), method).pathAndMethod
      const [handle, ...more] = layer?.stack ?? []
      if (handle && others.length === 0 && more.length === 0)
        handlers.set(`${method} ${path}`, { route: String(path), handle: handle as unknown as Handler })
    }
  }
  return (ctx, next) => {
    const found = handlers.get(`${ctx.req.method} ${ctx.request.path}`)
    if (!found) return next()
    ctx._matchedRoute = found.route
    return found.handle(ctx, next)
  }
}
