import Router from '@koa/router'
import { userParams } from '../../../contracts/admin'
import { endpoints } from '../../../contracts/endpoints'
import { factorPolicyChange } from '../../../contracts/factor-administration'
import { actorOf } from '../../audit/actor'
import { parseBody, parseParams } from '../../http/parse'
import { route } from '../../http/route'
import type { FactorAdministration } from './factor-administration'

export function factorAdministrationRoutes(factors: FactorAdministration): Router {
  const router = new Router()

  route(router, endpoints.factorPolicy, async (ctx) => {
    ctx.body = await factors.look()
  })

  route(router, endpoints.changeFactorPolicy, async (ctx, principal) => {
    const { required } = await parseBody(ctx, factorPolicyChange)
    ctx.body = await factors.require(actorOf(principal), required)
  })

  route(router, endpoints.resetFactors, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    await factors.reset(actorOf(principal), id)
    ctx.body = { message: 'The second factor is removed, and every session of the account has ended.' }
  })

  return router
}
