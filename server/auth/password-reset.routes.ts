import Router from '@koa/router'
import { userParams } from '../../contracts/admin'
import { normaliseEmail } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { forgotPasswordRequest, linkLook, resetPasswordRequest } from '../../contracts/password-reset'
import { limited } from '../http/attempts'
import { ownAddress } from '../http/own-address'
import { parseBody, parseParams } from '../http/parse'
import { originOf } from '../http/request-origin'
import { route } from '../http/route'
import { untilGone } from '../http/until-gone'
import { linkPolicy, passwordResetPolicy } from '../limits/rules'
import type { PasswordResetService } from './password-reset.service'

/** @param publicUrl where links lead; else to where the administrator's page is */
export function passwordResetRoutes(passwordReset: PasswordResetService, publicUrl: string | null): Router {
  const router = new Router()

  route(router, endpoints.forgotPassword, async (ctx) => {
    const { email } = await parseBody(ctx, forgotPasswordRequest)
    const request = async () => passwordReset.request(email, originOf(ctx))
    await limited(ctx, passwordResetPolicy, normaliseEmail(email), request)
    ctx.body = { message: 'If there is an account with this address, a mail with a link is on its way to it.' }
  })

  route(router, endpoints.lookAtPasswordReset, async (ctx) => {
    const { token } = await parseBody(ctx, linkLook)
    ctx.body = await limited(ctx, linkPolicy, token, () => passwordReset.look(token))
  })

  route(router, endpoints.resetPassword, async (ctx) => {
    const input = await parseBody(ctx, resetPasswordRequest)
    const reset = () => passwordReset.reset(input, originOf(ctx), untilGone(ctx))
    await limited(ctx, linkPolicy, input.token, reset)
    ctx.body = { message: 'Your password is set. Sign in with it, and look through your API keys: they go on working.' }
  })

  route(router, endpoints.createResetLink, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    const { token, expiresAt } = await passwordReset.issueLink(principal, id)
    ctx.status = 201
    ctx.body = { url: `${publicUrl ?? ownAddress(ctx)}/reset-password#${token}`, expires_at: expiresAt.toISOString() }
  })

  return router
}
