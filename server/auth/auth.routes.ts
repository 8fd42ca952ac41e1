import Router from '@koa/router'
import type { Context } from 'koa'
import { changePasswordRequest, loginRequest, registerRequest, type User } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { createJsonReplies } from '../http/json-text'
import { parseBody } from '../http/parse'
import { requirePrincipal } from '../http/principal'
import { callerOf, clearRefreshCookie, refreshTokenOf, setRefreshCookie } from '../http/refresh-cookie'
import type { AuthService, SignIn } from './auth.service'

export function authRoutes(auth: AuthService): Router {
  const router = new Router()
  const sendUser = createJsonReplies((user: User) => ({ user }))

  router.post(endpoints.register.path, async (ctx) => {
    answer(ctx, await auth.register(await parseBody(ctx, registerRequest), callerOf(ctx)))
  })

  router.post(endpoints.login.path, async (ctx) => {
    answer(ctx, await auth.login(await parseBody(ctx, loginRequest), callerOf(ctx)))
  })

  router.post(endpoints.refresh.path, async (ctx) => {
    answer(ctx, await auth.refresh(refreshTokenOf(ctx), callerOf(ctx)))
  })

  router.get(endpoints.verify.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    sendUser(ctx, await auth.verify(principal))
  })

  router.post(endpoints.logout.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    await auth.logout(principal)
    clearRefreshCookie(ctx)
    ctx.body = { message: 'You are signed out.' }
  })

  router.post(endpoints.changePassword.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    await auth.changePassword(principal, await parseBody(ctx, changePasswordRequest))
    ctx.body = { message: 'Your password is changed. Other sessions are signed out.' }
  })

  return router
}

function answer(ctx: Context, { reply, refreshToken }: SignIn): void {
  setRefreshCookie(ctx, refreshToken)
  ctx.body = reply
}
