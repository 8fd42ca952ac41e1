import Router from '@koa/router'
import { changePasswordRequest, loginRequest, registerRequest, type User } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { limited } from '../http/attempts'
import { createJsonReplies } from '../http/json-text'
import { parseBody } from '../http/parse'
import { requirePrincipal } from '../http/principal'
import { passwordChangePolicy, registrationPolicy, signInPolicy } from '../limits/rules'
import type { AuthService } from './auth.service'
import { normalised } from './user-rows'

export function authRoutes(auth: AuthService): Router {
  const router = new Router()
  const sendUser = createJsonReplies((user: User) => ({ user }))

  router.post(endpoints.register.path, async (ctx) => {
    const input = await parseBody(ctx, registerRequest)
    ctx.body = await limited(ctx, registrationPolicy, input.email, () => auth.register(input))
  })

  router.post(endpoints.login.path, async (ctx) => {
    const input = await parseBody(ctx, loginRequest)
    ctx.body = await limited(ctx, signInPolicy, normalised(input.email), () => auth.login(input))
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
    const input = await parseBody(ctx, changePasswordRequest)
    await limited(ctx, passwordChangePolicy, principal.userId, () => auth.changePassword(principal, input))
    ctx.body = { message: 'Your password is changed. Other sessions are signed out.' }
  })

  return router
}
