import type { Context } from 'koa'
import type { Endpoint } from '../../contracts/endpoints'
import { type Scope, scopes } from '../../contracts/scopes'
import type { Authenticate } from '../auth/authenticator'
import type { Proofs } from '../auth/factors/proofs'
import type { Principal, PrincipalWith } from '../auth/principal'
import { AppError, InsufficientScopeError } from '../errors'
import { apiKeyPolicy } from '../limits/rules'
import { limited } from './attempts'
import { originOf } from './request-origin'

type Freshness = NonNullable<Endpoint['fresh']>

/** @throws {UnauthenticatedError} the request carries no credential that counts */
export function requirePrincipal(ctx: Context): Principal | Promise<Principal> {
  const authenticate: Authenticate = ctx.state.authenticate
  return authenticate(ctx.req.headers.authorization, originOf(ctx), (account, lookUp) =>
    limited(ctx, apiKeyPolicy, account, lookUp),
  )
}

/**
 * @throws {UnauthenticatedError} the request carries no credential that counts
 * @throws {InsufficientScopeError} the caller may not do this
 * @throws {AppError} `second_factor_enrolment_required`
 */
export function requireScope<S extends Scope>(
  ctx: Context,
  scope: S,
  beforeFactor = false,
): PrincipalWith<S> | Promise<PrincipalWith<S>> {
  const principal = requirePrincipal(ctx)
  return principal instanceof Promise
    ? principal.then((found) => checkScope(found, scope, beforeFactor))
    : checkScope(principal, scope, beforeFactor)
}

function checkScope<S extends Scope>(principal: Principal, scope: S, beforeFactor: boolean): PrincipalWith<S> {
  if (!beforeFactor) requireEnrolled(principal)
  const isFit = principal.kind === 'session' || scopes[scope].forKeys
  if (!isFit || !principal.scopes.has(scope)) throw new InsufficientScopeError(scope)
  return principal as PrincipalWith<S>
}

/**
 * Lets nobody further who must set up a second factor first.
 *
 * @throws {AppError} `second_factor_enrolment_required`
 */
export function requireEnrolled(principal: Principal): void {
  if (principal.mustEnrol) throw enrolmentRequired()
}

/**
 * For what only a person who is there may do; it costs a query.
 *
 * @throws {AppError} `fresh_proof_required`
 */
export function requireFresh(ctx: Context, principal: Principal, when: Freshness): Promise<void> {
  const proofs: Proofs = ctx.state.proofs
  return when === 'always' ? proofs.requireFresh(principal) : proofs.requireFreshIfProtected(principal)
}

const enrolmentRequired = () =>
  new AppError(
    'second_factor_enrolment_required',
    403,
    'Everybody here must have a second factor: set one up in the dashboard, and if you have done so, sign in again.',
  )
