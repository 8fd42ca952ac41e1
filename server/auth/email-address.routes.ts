import Router from '@koa/router'
import { changeEmailRequest } from '../../contracts/email-address'
import { endpoints } from '../../contracts/endpoints'
import { linkLook } from '../../contracts/password-reset'
import { limited } from '../http/attempts'
import { parseBody } from '../http/parse'
import { originOf } from '../http/request-origin'
import { route } from '../http/route'
import { untilGone } from '../http/until-gone'
import { emailChangePolicy, linkPolicy, passwordResetPolicy } from '../limits/rules'
import type { EmailAddressService } from './email-address.service'

export function emailAddressRoutes(addresses: EmailAddressService): Router {
  const router = new Router()

  route(router, endpoints.emailState, async (ctx, principal) => {
    ctx.body = await addresses.state(principal)
  })

  route(router, endpoints.sendVerification, async (ctx, principal) => {
    addresses.requireMail()
    const send = async () => addresses.sendVerification(principal.userId)
    await limited(ctx, passwordResetPolicy, principal.userId, send)
    ctx.body = { message: 'A mail with a link is on its way to you.' }
  })

  route(router, endpoints.changeEmail, async (ctx, principal) => {
    const input = await parseBody(ctx, changeEmailRequest)
    const change = () => addresses.requestChange(principal, input, untilGone(ctx))
    ctx.body = await limited(ctx, emailChangePolicy, principal.userId, change)
  })

  route(router, endpoints.cancelEmailChange, async (ctx, principal) => {
    await addresses.cancelChange(principal)
    ctx.body = { message: 'Your e-mail address stays as it is.' }
  })

  route(router, endpoints.lookAtConfirmation, async (ctx) => {
    const { token } = await parseBody(ctx, linkLook)
    ctx.body = await limited(ctx, linkPolicy, token, () => addresses.look(token))
  })

  route(router, endpoints.confirmEmail, async (ctx) => {
    const { token } = await parseBody(ctx, linkLook)
    ctx.body = await limited(ctx, linkPolicy, token, () => addresses.confirm(token, originOf(ctx)))
  })

  return router
}
