import Router from '@koa/router'
import { registerRequest } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import { firstAdministratorRequest, invitationLook } from '../../contracts/registration'
import { limited } from '../http/attempts'
import { parseBody } from '../http/parse'
import { callerOf } from '../http/refresh-cookie'
import { route } from '../http/route'
import { untilGone } from '../http/until-gone'
import { admissionPolicy, registrationPolicy } from '../limits/rules'
import { answer } from './answer'
import type { RegistrationService } from './registration.service'

export function registrationRoutes(registration: RegistrationService): Router {
  const router = new Router()

  route(router, endpoints.authSettings, async (ctx) => {
    ctx.body = await registration.settings()
  })

  route(router, endpoints.register, async (ctx) => {
    const input = await parseBody(ctx, registerRequest)
    const register = () => registration.register(input, callerOf(ctx), untilGone(ctx))
    answer(ctx, await limited(ctx, registrationPolicy, input.email, register))
  })

  route(router, endpoints.createFirstAdministrator, async (ctx) => {
    const input = await parseBody(ctx, firstAdministratorRequest)
    const create = () => registration.createFirstAdministrator(input, callerOf(ctx), untilGone(ctx))
    answer(ctx, await limited(ctx, admissionPolicy, 'first administrator', create))
  })

  route(router, endpoints.lookAtInvitation, async (ctx) => {
    const { invitation } = await parseBody(ctx, invitationLook)
    const look = () => registration.lookAtInvitation(invitation)
    ctx.body = await limited(ctx, admissionPolicy, invitation, look)
  })

  return router
}
