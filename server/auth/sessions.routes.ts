import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { sessionParams } from '../../contracts/sessions'
import { parseParams } from '../http/parse'
import { route } from '../http/route'
import type { SessionsService } from './sessions.service'

export function sessionRoutes(sessions: SessionsService): Router {
  const router = new Router()

  route(router, endpoints.sessions, async (ctx, principal) => {
    ctx.body = await sessions.list(principal)
  })

  route(router, endpoints.revokeSession, async (ctx, principal) => {
    const { id } = parseParams(ctx, sessionParams, 'session')
    await sessions.revoke(principal, id)
    ctx.body = { message: 'The session has ended.' }
  })

  route(router, endpoints.revokeOtherSessions, async (ctx, principal) => {
    const ended = await sessions.revokeOthers(principal)
    ctx.body = { message: ended === 1 ? 'One other session has ended.' : `${ended} other sessions have ended.` }
  })

  return router
}
