import Router from '@koa/router'
import { apiKeyParams, newApiKey, rotateApiKey } from '../../../contracts/api-keys'
import { endpoints } from '../../../contracts/endpoints'
import { parseBody, parseParams } from '../../http/parse'
import { route } from '../../http/route'
import type { KeysService } from './keys.service'

const THING = 'API key'

export function keyRoutes(keys: KeysService): Router {
  const router = new Router()

  route(router, endpoints.apiKeys, async (ctx, principal) => {
    ctx.body = await keys.list(principal)
  })

  route(router, endpoints.createApiKey, async (ctx, principal) => {
    ctx.body = await keys.create(principal, await parseBody(ctx, newApiKey))
    ctx.status = 201
  })

  route(router, endpoints.rotateApiKey, async (ctx, principal) => {
    const { id } = parseParams(ctx, apiKeyParams, THING)
    const { grace_seconds: grace } = await parseBody(ctx, rotateApiKey)
    ctx.body = await keys.rotate(principal, id, grace)
  })

  route(router, endpoints.endApiKeyGrace, async (ctx, principal) => {
    const { id } = parseParams(ctx, apiKeyParams, THING)
    await keys.endGrace(principal, id)
    ctx.body = { message: 'The old secret has ended.' }
  })

  route(router, endpoints.revokeApiKey, async (ctx, principal) => {
    const { id } = parseParams(ctx, apiKeyParams, THING)
    await keys.revoke(principal, id)
    ctx.body = { message: 'The API key is revoked.' }
  })

  return router
}
