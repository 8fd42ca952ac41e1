import type { Context, Middleware } from 'koa'
import type { Authenticate } from '../auth/authenticator'
import type { Principal } from '../auth/principal'

/** Lets routes ask who is calling; nothing is checked until one does. */
export function principals(authenticate: Authenticate): Middleware {
  return (ctx, next) => {
    ctx.state.authenticate = authenticate
    return next()
  }
}

/** @throws {UnauthenticatedError} the request carries no credential that counts */
export function requirePrincipal(ctx: Context): Principal {
  const authenticate: Authenticate = ctx.state.authenticate
  return authenticate(ctx.req.headers.authorization)
}
