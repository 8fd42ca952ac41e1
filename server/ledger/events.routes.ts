import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { parseQuery } from '../http/parse'
import { route } from '../http/route'
import type { Events } from './events'

export function eventRoutes(events: Events): Router {
  const router = new Router()

  route(router, endpoints.events, async (ctx, principal) => {
    ctx.body = await events.list(principal, parseQuery(ctx, endpoints.events.query))
  })

  route(router, endpoints.recentEvents, async (ctx, principal) => {
    ctx.body = await events.recent(principal, parseQuery(ctx, endpoints.recentEvents.query))
  })

  return router
}
