import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { memberParams, newMember, newWorkspace, workspaceParams } from '../../contracts/workspaces'
import { parseBody, parseParams } from '../http/parse'
import { route } from '../http/route'
import type { WorkspacesService } from './workspaces.service'

export function workspaceRoutes(workspaces: WorkspacesService): Router {
  const router = new Router()

  route(router, endpoints.workspaces, async (ctx, principal) => {
    ctx.body = await workspaces.list(principal)
  })

  route(router, endpoints.createWorkspace, async (ctx, principal) => {
    ctx.body = await workspaces.create(principal, await parseBody(ctx, newWorkspace))
    ctx.status = 201
  })

  route(router, endpoints.changeWorkspace, async (ctx, principal) => {
    const { id } = parseParams(ctx, workspaceParams, 'workspace')
    ctx.body = await workspaces.rename(principal, id, await parseBody(ctx, newWorkspace))
  })

  route(router, endpoints.workspaceMembers, async (ctx, principal) => {
    const { id } = parseParams(ctx, workspaceParams, 'workspace')
    ctx.body = await workspaces.members(principal, id)
  })

  route(router, endpoints.addWorkspaceMember, async (ctx, principal) => {
    const { id } = parseParams(ctx, workspaceParams, 'workspace')
    ctx.body = await workspaces.addMember(principal, id, await parseBody(ctx, newMember))
  })

  route(router, endpoints.removeWorkspaceMember, async (ctx, principal) => {
    const { id, user_id } = parseParams(ctx, memberParams, 'workspace')
    await workspaces.removeMember(principal, id, user_id)
    ctx.body = { message: 'The member has left the workspace.' }
  })

  return router
}
