import Router from '@koa/router'
import { endpoints } from '../../../contracts/endpoints'
import { totpCodeRequest } from '../../../contracts/factors'
import { limited } from '../../http/attempts'
import { parseBody } from '../../http/parse'
import { route } from '../../http/route'
import { stepUpPolicy } from '../../limits/rules'
import type { FactorsService } from './factors.service'

export function factorRoutes(factors: FactorsService): Router {
  const router = new Router()

  route(router, endpoints.factors, async (ctx, principal) => {
    ctx.body = await factors.list(principal)
  })

  route(router, endpoints.beginTotp, async (ctx, principal) => {
    ctx.body = await factors.beginTotp(principal)
  })

  route(router, endpoints.confirmTotp, async (ctx, principal) => {
    const { code } = await parseBody(ctx, totpCodeRequest)
    const confirm = () => factors.confirmTotp(principal, code)
    ctx.body = await limited(ctx, stepUpPolicy, principal.userId, confirm)
  })

  route(router, endpoints.removeTotp, async (ctx, principal) => {
    await factors.removeTotp(principal)
    ctx.body = { message: 'Your authenticator app is removed. Signing in asks for your password alone.' }
  })

  route(router, endpoints.replaceRecoveryCodes, async (ctx, principal) => {
    ctx.body = await factors.replaceRecoveryCodes(principal)
  })

  return router
}
