import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { invitationParams, invitationQuery, newInvitation } from '../../contracts/invitations'
import { parseBody, parseParams, parseQuery } from '../http/parse'
import { route } from '../http/route'
import type { InvitationsService } from './invitations.service'

export function invitationRoutes(invitations: InvitationsService): Router {
  const router = new Router()

  route(router, endpoints.invitations, async (ctx, principal) => {
    const { cursor } = parseQuery(ctx, invitationQuery)
    ctx.body = await invitations.list(principal, cursor)
  })

  route(router, endpoints.createInvitation, async (ctx, principal) => {
    const input = await parseBody(ctx, newInvitation)
    ctx.body = await invitations.create(principal, input)
  })

  route(router, endpoints.revokeInvitation, async (ctx, principal) => {
    const { id } = parseParams(ctx, invitationParams, 'invitation')
    await invitations.revoke(principal, id)
    ctx.body = { message: 'The invitation does not count any more.' }
  })

  return router
}
