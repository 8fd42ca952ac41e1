import Router from '@koa/router'
import { backtestParams } from '../../../contracts/backtests'
import { endpoints } from '../../../contracts/endpoints'
import { strategyParams } from '../../../contracts/strategies'
import { cutValidation, postedValidation, validationParams } from '../../../contracts/validations'
import { parseBody, parseParams, parseQuery } from '../../http/parse'
import { route } from '../../http/route'
import type { ValidationsService } from './validations.service'

export function validationRoutes(validations: ValidationsService): Router {
  const router = new Router()

  route(router, endpoints.validations, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await validations.list(principal, id, parseQuery(ctx, endpoints.validations.query))
  })

  route(router, endpoints.postValidation, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await validations.post(principal, id, await parseBody(ctx, postedValidation))
    ctx.status = 201
  })

  route(router, endpoints.cutValidation, async (ctx, principal) => {
    const { id } = parseParams(ctx, backtestParams, 'backtest')
    ctx.body = await validations.cut(principal, id, await parseBody(ctx, cutValidation))
    ctx.status = 201
  })

  route(router, endpoints.validation, async (ctx, principal) => {
    const { id } = parseParams(ctx, validationParams, 'validation')
    ctx.body = await validations.get(principal, id)
  })

  return router
}
