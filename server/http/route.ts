import type Router from '@koa/router'
import type { Context } from 'koa'
import { type Endpoint, endpoints, openPages } from '../../contracts/endpoints'
import { type Scope, scopes } from '../../contracts/scopes'
import type { Principal, PrincipalWith } from '../auth/principal'
import { requireFresh, requireScope } from './principal'

const MOUNTED_FOR = Symbol('mounted for')

/** Who calls an endpoint: a principal where its contract names a scope, nobody in particular elsewhere. */
type CallerOf<E extends Endpoint> = E['scope'] extends Scope ? PrincipalWith<E['scope']> : undefined
type Handle<E extends Endpoint> = (ctx: Context, caller: CallerOf<E>) => unknown

/**
 * Mounts an operation of the API. What its contract asks of the caller is checked before the handler runs, and
 * nowhere else.
 *
 * @throws {Error} the contract does not say what it asks
 */
export function route<E extends Endpoint>(router: Router, endpoint: E, handle: Handle<E>): void {
  const { method, path, access, scope, fresh, beforeFactor } = endpoint as Endpoint
  const isStated = access === 'bearer' ? scope !== null && Object.hasOwn(scopes, scope) : scope === null
  if (!isStated) throw new Error(`The contract of ${method} ${path} does not say which scope it asks for.`)
  if (fresh && (scope === null || scopes[scope].forKeys))
    throw new Error(`The contract of ${method} ${path} asks for a fresh proof, which only a person can give.`)
  const answer = handle as (ctx: Context, caller: unknown) => unknown
  const proceed = (ctx: Context, principal: Principal) =>
    fresh ? requireFresh(ctx, principal, fresh).then(() => answer(ctx, principal)) : answer(ctx, principal)
  const mounted = (ctx: Context) => {
    if (scope === null) return answer(ctx, undefined)
    const caller = requireScope(ctx, scope, beforeFactor)
    return caller instanceof Promise ? caller.then((found) => proceed(ctx, found)) : proceed(ctx, caller)
  }
  router.register(path, [method], Object.assign(mounted, { [MOUNTED_FOR]: endpoint }))
}

/** Mounts a page or file that anybody may read. */
export function openPage(router: Router, path: keyof typeof openPages, handle: (ctx: Context) => unknown): void {
  const mounted = (ctx: Context) => handle(ctx)
  router.register(openPages[path], ['get'], Object.assign(mounted, { [MOUNTED_FOR]: openPages[path] }))
}

/**
 * Holds what is mounted against the contracts, so that no server starts with a path that asks nothing of its callers.
 *
 * @throws {Error} a route that was mounted around `route`, or an operation of the contracts that is not mounted
 */
export function checkRoutes(router: Router): void {
  const known = new Set<unknown>([...Object.values(endpoints), ...Object.values(openPages)])
  for (const { path, methods, stack } of router.stack) {
    if (methods.length === 0) continue
    const contracts = stack.map((handle) => (handle as { [MOUNTED_FOR]?: unknown })[MOUNTED_FOR])
    if (contracts.length !== 1 || !known.delete(contracts[0]))
      throw new Error(`${methods.at(-1)} ${path} is mounted without a contract of its own.`)
  }
  for (const missing of known) throw new Error(`Nothing is mounted for ${describe(missing)}.`)
}

function describe(contract: unknown): string {
  if (typeof contract === 'string') return contract
  const { method, path } = contract as Endpoint
  return `${method} ${path}`
}
