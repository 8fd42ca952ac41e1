import Router from '@koa/router'
import { endpoints } from '../../contracts/endpoints'
import { deleteAccountRequest, updateProfileRequest } from '../../contracts/profile'
import { limited } from '../http/attempts'
import { parseBody } from '../http/parse'
import { clearRefreshCookie } from '../http/refresh-cookie'
import { route } from '../http/route'
import { untilGone } from '../http/until-gone'
import { passwordChangePolicy } from '../limits/rules'
import type { AccountDataService } from './account-data'
import type { ProfileService } from './profile.service'

export function profileRoutes(profile: ProfileService, accountData: AccountDataService): Router {
  const router = new Router()

  route(router, endpoints.updateProfile, async (ctx, principal) => {
    const input = await parseBody(ctx, updateProfileRequest)
    ctx.body = { user: await profile.update(principal, input) }
  })

  route(router, endpoints.accountData, async (ctx, principal) => {
    ctx.attachment('aurelius-my-data.json')
    ctx.body = await accountData.gather(principal)
  })

  route(router, endpoints.deleteAccount, async (ctx, principal) => {
    const input = await parseBody(ctx, deleteAccountRequest)
    const remove = () => profile.delete(principal, input, untilGone(ctx))
    await limited(ctx, passwordChangePolicy, principal.userId, remove)
    clearRefreshCookie(ctx)
    ctx.body = { message: 'Your account is deleted.' }
  })

  return router
}
