import Router from '@koa/router'
import { endpoints } from '../../../contracts/endpoints'
import {
  dryRun,
  gateEvaluation,
  gateParams,
  gateResultParams,
  newPolicy,
  newPromotion,
  promotionDecision,
  promotionParams,
  strategyGateParams,
} from '../../../contracts/gates'
import { strategyParams } from '../../../contracts/strategies'
import { parseBody, parseParams, parseQuery } from '../../http/parse'
import { route } from '../../http/route'
import type { GatesService } from './gates.service'
import type { Policies } from './policies.service'
import type { PromotionsService } from './promotions.service'

export interface GateRoutesDependencies {
  gates: GatesService
  policies: Policies
  promotions: PromotionsService
}

export function gateRoutes({ gates, policies, promotions }: GateRoutesDependencies): Router {
  const router = new Router()

  route(router, endpoints.gatePolicies, async (ctx, principal) => {
    ctx.body = await policies.list(principal)
  })

  route(router, endpoints.gatePolicyHistory, async (ctx, principal) => {
    const { gate } = parseParams(ctx, gateParams, 'gate')
    ctx.body = await policies.history(principal, gate)
  })

  route(router, endpoints.recordGatePolicy, async (ctx, principal) => {
    const { gate } = parseParams(ctx, gateParams, 'gate')
    ctx.body = await policies.record(principal, gate, await parseBody(ctx, newPolicy))
    ctx.status = 201
  })

  route(router, endpoints.dryRunGatePolicy, async (ctx, principal) => {
    const { gate } = parseParams(ctx, gateParams, 'gate')
    ctx.body = await gates.dryRun(principal, gate, await parseBody(ctx, dryRun))
  })

  route(router, endpoints.evaluateGate, async (ctx, principal) => {
    const { id, gate } = parseParams(ctx, strategyGateParams, 'gate')
    ctx.body = await gates.evaluate(principal, id, gate, await parseBody(ctx, gateEvaluation))
    ctx.status = 201
  })

  route(router, endpoints.gateResults, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await gates.list(principal, id, parseQuery(ctx, endpoints.gateResults.query))
  })

  route(router, endpoints.gateResult, async (ctx, principal) => {
    const { id } = parseParams(ctx, gateResultParams, 'gate result')
    ctx.body = await gates.get(principal, id)
  })

  route(router, endpoints.promotions, async (ctx, principal) => {
    ctx.body = await promotions.list(principal, parseQuery(ctx, endpoints.promotions.query))
  })

  route(router, endpoints.requestPromotion, async (ctx, principal) => {
    const { id } = parseParams(ctx, strategyParams, 'strategy')
    ctx.body = await promotions.request(principal, id, await parseBody(ctx, newPromotion))
    ctx.status = 201
  })

  route(router, endpoints.approvePromotion, async (ctx, principal) => {
    const { id } = parseParams(ctx, promotionParams, 'promotion')
    ctx.body = await promotions.approve(principal, id, await parseBody(ctx, promotionDecision))
  })

  route(router, endpoints.declinePromotion, async (ctx, principal) => {
    const { id } = parseParams(ctx, promotionParams, 'promotion')
    ctx.body = await promotions.decline(principal, id, await parseBody(ctx, promotionDecision))
  })

  return router
}
