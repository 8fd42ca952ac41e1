import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { route } from '../http/route'
import type { SigningKeysService } from './signing-keys.service'

export function signingKeyRoutes(signingKeys: SigningKeysService): Router {
  const router = new Router()

  route(router, endpoints.signingKeys, async (ctx, principal) => {
    ctx.body = await signingKeys.list(principal)
  })

  route(router, endpoints.rotateSigningKey, async (ctx, principal) => {
    ctx.body = await signingKeys.rotate(principal)
  })

  return router
}
