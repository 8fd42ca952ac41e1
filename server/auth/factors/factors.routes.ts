import Router from '@koa/router'
import { endpoints } from '../../../contracts/endpoints'
import { totpCodeRequest } from '../../../contracts/factors'
import { limited } from '../../http/attempts'
import { parseBody } from '../../http/parse'
import { requirePrincipal } from '../../http/principal'
import { stepUpPolicy } from '../../limits/rules'
import type { FactorsService } from './factors.service'

export function factorRoutes(factors: FactorsService): Router {
  const router = new Router()

  router.get(endpoints.factors.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    ctx.body = await factors.list(principal)
  })

  router.post(endpoints.beginTotp.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    ctx.body = await factors.beginTotp(principal)
  })

  router.post(endpoints.confirmTotp.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    const { code } = await parseBody(ctx, totpCodeRequest)
    const confirm = () => factors.confirmTotp(principal, code)
    ctx.body = await limited(ctx, stepUpPolicy, principal.userId, confirm)
  })

  router.delete(endpoints.removeTotp.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    await factors.removeTotp(principal)
    ctx.body = { message: 'Your authenticator app is removed. Signing in asks for your password alone.' }
  })

  router.post(endpoints.replaceRecoveryCodes.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    ctx.body = await factors.replaceRecoveryCodes(principal)
  })

  return router
}
