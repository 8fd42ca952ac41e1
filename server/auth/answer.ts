import type { Context } from 'koa'
import { setRefreshCookie } from '../http/refresh-cookie'
import type { SignIn } from './auth.service'

/** Answers whoever has just signed in. */
export function answer(ctx: Context, { reply, refreshToken }: SignIn): void {
  setRefreshCookie(ctx, refreshToken)
  ctx.body = reply
}
