import type { Context } from 'koa'
import { networkOf } from '../limits/address'
import type { Limits } from '../limits/limits'
import type { Policy } from '../limits/rules'

/**
 * Does a route's work under a policy. The caller's address is the socket's: headers that name another are anybody's.
 *
 * @param account whose it would be, in the one spelling that counts
 * @throws {TooManyAttemptsError} 429
 */
export function limited<T>(ctx: Context, policy: Policy, account: string, work: () => Promise<T>): Promise<T> {
  const limits: Limits = ctx.limits
  return limits.attempt(policy, { account, address: networkOf(ctx.req.socket.remoteAddress) }, work)
}
