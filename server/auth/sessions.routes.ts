import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { sessionParams } from '../../contracts/sessions'
import { parseParams } from '../http/parse'
import { requirePrincipal } from '../http/principal'
import type { SessionsService } from './sessions.service'

export function sessionRoutes(sessions: SessionsService): Router {
  const router = new Router()

  router.get(endpoints.sessions.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    ctx.body = await sessions.list(principal)
  })

  router.delete(endpoints.revokeSession.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    const { id } = parseParams(ctx, sessionParams, 'session')
    await sessions.revoke(principal, id)
    ctx.body = { message: 'The session has ended.' }
  })

  router.post(endpoints.revokeOtherSessions.path, async (ctx) => {
    const principal = requirePrincipal(ctx)
    const ended = await sessions.revokeOthers(principal)
    ctx.body = { message: ended === 1 ? 'One other session has ended.' : `${ended} other sessions have ended.` }
  })

  return router
}
