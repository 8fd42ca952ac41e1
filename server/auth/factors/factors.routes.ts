import Router from '@koa/router'
import { endpoints } from '../../../contracts/endpoints'
import { stepUpRequest, totpCodeRequest } from '../../../contracts/factors'
import { newPasskeyRequest, passkeyParams, passkeyRequest } from '../../../contracts/passkeys'
import { limited } from '../../http/attempts'
import { parseBody, parseParams } from '../../http/parse'
import { relyingPartyOf } from '../../http/relying-party'
import { route } from '../../http/route'
import { untilGone } from '../../http/until-gone'
import { stepUpPolicy } from '../../limits/rules'
import type { FactorsService } from './factors.service'
import type { PasskeysService } from './passkeys.service'
import type { Proofs } from './proofs'

const CONFIRMED = 'Confirmed for the next five minutes.'

export function factorRoutes(factors: FactorsService, passkeys: PasskeysService, proofs: Proofs): Router {
  const router = new Router()

  route(router, endpoints.stepUp, async (ctx, principal) => {
    ctx.body = await proofs.look(principal)
  })

  route(router, endpoints.proveFresh, async (ctx, principal) => {
    const input = await parseBody(ctx, stepUpRequest)
    const prove = () => proofs.prove(principal, input, untilGone(ctx))
    ctx.body = { message: CONFIRMED, ...(await limited(ctx, stepUpPolicy, principal.userId, prove)) }
  })

  route(router, endpoints.proveFreshPasskeyOptions, async (ctx, principal) => {
    ctx.body = await proofs.passkeyOptions(principal, relyingPartyOf(ctx))
  })

  route(router, endpoints.proveFreshPasskey, async (ctx, principal) => {
    const input = await parseBody(ctx, passkeyRequest)
    const site = relyingPartyOf(ctx)
    const prove = () => proofs.provePasskey(principal, site, input)
    ctx.body = { message: CONFIRMED, ...(await limited(ctx, stepUpPolicy, principal.userId, prove)) }
  })

  route(router, endpoints.factors, async (ctx, principal) => {
    ctx.body = await factors.list(principal)
  })

  route(router, endpoints.beginTotp, async (ctx, principal) => {
    ctx.body = await factors.beginTotp(principal)
  })

  route(router, endpoints.confirmTotp, async (ctx, principal) => {
    const { code } = await parseBody(ctx, totpCodeRequest)
    const confirm = () => factors.confirmTotp(principal, code)
    ctx.body = await limited(ctx, stepUpPolicy, principal.userId, confirm)
  })

  route(router, endpoints.removeTotp, async (ctx, principal) => {
    await factors.removeTotp(principal)
    ctx.body = { message: 'Your authenticator app is removed.' }
  })

  route(router, endpoints.beginPasskey, async (ctx, principal) => {
    ctx.body = await passkeys.begin(principal, relyingPartyOf(ctx))
  })

  route(router, endpoints.addPasskey, async (ctx, principal) => {
    const input = await parseBody(ctx, newPasskeyRequest)
    ctx.body = await passkeys.add(principal, relyingPartyOf(ctx), input)
  })

  route(router, endpoints.removePasskey, async (ctx, principal) => {
    const { id } = parseParams(ctx, passkeyParams, 'passkey')
    await passkeys.remove(principal, id)
    ctx.body = { message: 'The passkey is removed here. You may delete it in your browser or key as well.' }
  })

  route(router, endpoints.replaceRecoveryCodes, async (ctx, principal) => {
    ctx.body = await factors.replaceRecoveryCodes(principal)
  })

  return router
}
