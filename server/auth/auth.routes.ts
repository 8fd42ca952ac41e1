import Router from '@koa/router'
import { changePasswordRequest, loginRequest, normaliseEmail, type User } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { secondFactorRequest } from '../../contracts/factors'
import { passkeyOptionsRequest, passkeyRequest } from '../../contracts/passkeys'
import { limited } from '../http/attempts'
import { createJsonReplies } from '../http/json-text'
import { parseBody } from '../http/parse'
import { callerOf, clearRefreshCookie, refreshTokenOf } from '../http/refresh-cookie'
import { relyingPartyOf } from '../http/relying-party'
import { route } from '../http/route'
import { untilGone } from '../http/until-gone'
import {
  passkeyOptionsPolicy,
  passkeyPolicy,
  passwordChangePolicy,
  renewalPolicy,
  secondFactorPolicy,
  signInPolicy,
} from '../limits/rules'
import { answer } from './answer'
import type { AuthService } from './auth.service'

export function authRoutes(auth: AuthService): Router {
  const router = new Router()
  const sendUser = createJsonReplies((user: User) => ({ user }))

  route(router, endpoints.login, async (ctx) => {
    const input = await parseBody(ctx, loginRequest)
    const login = () => auth.login(input, callerOf(ctx), untilGone(ctx))
    answer(ctx, await limited(ctx, signInPolicy, normaliseEmail(input.email), login))
  })

  route(router, endpoints.loginSecondFactor, async (ctx) => {
    const input = await parseBody(ctx, secondFactorRequest)
    const account = await auth.accountOf(input.challenge)
    answer(ctx, await limited(ctx, secondFactorPolicy, account, () => auth.loginWithCode(input, callerOf(ctx))))
  })

  route(router, endpoints.loginPasskeyOptions, async (ctx) => {
    const { challenge } = await parseBody(ctx, passkeyOptionsRequest)
    const site = relyingPartyOf(ctx)
    ctx.body = await limited(ctx, passkeyOptionsPolicy, '', () => auth.passkeyOptions(site, challenge))
  })

  route(router, endpoints.loginPasskey, async (ctx) => {
    const input = await parseBody(ctx, passkeyRequest)
    const site = relyingPartyOf(ctx)
    const login = () => auth.loginWithPasskey(input, site, callerOf(ctx))
    answer(ctx, await limited(ctx, passkeyPolicy, input.credential.id, login))
  })

  route(router, endpoints.refresh, async (ctx) => {
    const token = refreshTokenOf(ctx)
    const refresh = () => auth.refresh(token, callerOf(ctx))
    answer(ctx, token === undefined ? await refresh() : await limited(ctx, renewalPolicy, token, refresh))
  })

  route(router, endpoints.verify, (ctx, principal) => {
    const user = auth.verify(principal)
    return user instanceof Promise ? user.then((found) => sendUser(ctx, found)) : sendUser(ctx, user)
  })

  route(router, endpoints.permissions, (ctx, principal) => {
    ctx.body = auth.permissions(principal)
  })

  route(router, endpoints.logout, async (ctx, principal) => {
    await auth.logout(principal)
    clearRefreshCookie(ctx)
    ctx.body = { message: 'You are signed out.' }
  })

  route(router, endpoints.changePassword, async (ctx, principal) => {
    const input = await parseBody(ctx, changePasswordRequest)
    const change = () => auth.changePassword(principal, input, untilGone(ctx))
    await limited(ctx, passwordChangePolicy, principal.userId, change)
    ctx.body = { message: 'Your password is changed. Other sessions are signed out.' }
  })

  return router
}
