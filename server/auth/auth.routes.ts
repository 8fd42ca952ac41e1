import Router from '@koa/router'
import { changePasswordRequest, loginRequest, registerRequest, type User } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { createJsonReplies } from '../http/json-text'
import { parseBody } from '../http/parse'
import { requirePrincipal } from '../http/principal'
import type { AuthService } from './auth.service'

export function authRoutes(auth: AuthService): Router {
  const router = new Router()
  const sendUser = createJsonReplies((user: User) => ({ user }))

  router.post(endpoints.register.path, async (ctx) => {
    ctx.body = await auth.register(await parseBody(ctx, registerRequest))
  })

  router.post(endpoints.login.path, async (ctx) => {
    ctx.body = await auth.login(await parseBody(ctx, loginRequest))
  })

  router.get(endpoints.verify.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    sendUser(ctx, await auth.verify(principal))
  })

  router.post(endpoints.logout.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    await auth.logout(principal)
    ctx.body = { message: 'You are signed out.' }
  })

  router.post(endpoints.changePassword.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    await auth.changePassword(principal, await parseBody(ctx, changePasswordRequest))
    ctx.body = { message: 'Your password is changed. Other sessions are signed out.' }
  })

  return router
}
