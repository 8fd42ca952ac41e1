import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { newStrategy, newStrategyVersion, strategyChange, strategyParams } from '../../contracts/strategies'
import { parseBody, parseParams, parseQuery } from '../http/parse'
import { route } from '../http/route'
import type { StrategiesService } from './strategies.service'

export function strategyRoutes(strategies: StrategiesService): Router {
  const router = new Router()

  route(router, endpoints.strategies, async (ctx, principal) => {
    ctx.body = await strategies.list(principal, parseQuery(ctx, endpoints.strategies.query))
  })

  route(router, endpoints.strategyFacets, async (ctx, principal) => {
    ctx.body = await strategies.facets(principal)
  })

  route(router, endpoints.createStrategy, async (ctx, principal) => {
    ctx.body = await strategies.create(principal, await parseBody(ctx, newStrategy))
    ctx.status = 201
  })

  route(router, endpoints.strategy, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.get(principal, id)
  })

  route(router, endpoints.changeStrategy, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.change(principal, id, await parseBody(ctx, strategyChange))
  })

  route(router, endpoints.archiveStrategy, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.archive(principal, id)
  })

  route(router, endpoints.restoreStrategy, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.restore(principal, id)
  })

  route(router, endpoints.strategyVersions, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.versions(principal, id, parseQuery(ctx, endpoints.strategyVersions.query))
  })

  route(router, endpoints.createStrategyVersion, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await strategies.addVersion(principal, id, await parseBody(ctx, newStrategyVersion))
    ctx.status = 201
  })

  return router
}
