import Router from '@koa/router'
import { userChange, userParams, userQuery, userSessionParams } from '../../contracts/admin'
import { endpoints } from '../../contracts/endpoints'
import { actorOf } from '../audit/actor'
import { parseBody, parseParams, parseQuery } from '../http/parse'
import { route } from '../http/route'
import type { LockAdministration } from './lock-administration'
import type { UserAdministration } from './user-administration'

export function userAdministrationRoutes(users: UserAdministration, locks: LockAdministration): Router {
  const router = new Router()

  route(router, endpoints.managedUsers, async (ctx) => {
    const query = parseQuery(ctx, userQuery)
    ctx.body = await users.list(query)
  })

  route(router, endpoints.managedUser, async (ctx) => {
    const { id } = parseParams(ctx, userParams, 'user')
    ctx.body = { user: await users.get(id) }
  })

  route(router, endpoints.changeUser, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    const change = await parseBody(ctx, userChange)
    ctx.body = { user: await users.change(actorOf(principal), id, change) }
  })

  route(router, endpoints.managedSessions, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    const sessions = await users.sessionsOf(id, principal.sessionId)
    ctx.body = { sessions, total: sessions.length, next_cursor: null }
  })

  route(router, endpoints.endUserSession, async (ctx, principal) => {
    const { id, sessionId } = parseParams(ctx, userSessionParams, 'session')
    await users.endSession(actorOf(principal), id, sessionId)
    ctx.body = { message: 'The session has ended.' }
  })

  route(router, endpoints.endUserSessions, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    const ended = await users.endSessions(actorOf(principal), id)
    ctx.body = { message: ended === 1 ? 'One session has ended.' : `${ended} sessions have ended.` }
  })

  route(router, endpoints.userLocks, async (ctx) => {
    const { id } = parseParams(ctx, userParams, 'user')
    const found = await locks.locksOf(id)
    ctx.body = { locks: found, total: found.length, next_cursor: null }
  })

  route(router, endpoints.unlockUser, async (ctx, principal) => {
    const { id } = parseParams(ctx, userParams, 'user')
    await locks.unlock(actorOf(principal), id)
    ctx.body = { message: 'Failed attempts on this account are forgotten.' }
  })

  return router
}
