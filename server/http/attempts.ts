import type { Context } from 'koa'
import type { Accounts } from '../auth/accounts'
import { TooManyAttemptsError } from '../errors'
import { networkOf } from '../limits/address'
import type { Limits } from '../limits/limits'
import type { Policy } from '../limits/rules'
import { originOf } from './request-origin'

/**
 * Does a route's work under a policy. The caller's address is the socket's: headers that name another are anybody's.
 *
 * @param account whose it would be, in the one spelling that counts
 * @throws {TooManyAttemptsError} 429
 */
export async function limited<T>(ctx: Context, policy: Policy, account: string, work: () => Promise<T>): Promise<T> {
  const limits: Limits = ctx.limits
  const limitReached: Accounts['limitReached'] = ctx.limitReached
  try {
    return await limits.attempt(policy, { account, address: networkOf(ctx.req.socket.remoteAddress) }, work)
  } catch (error) {
    if (error instanceof TooManyAttemptsError) limitReached(policy.name, account, originOf(ctx))
    throw error
  }
}
