import { API_KEY_PREFIX } from '../../contracts/api-keys'
import type { RequestOrigin } from '../audit/actor'
import { UnauthenticatedError } from '../errors'
import type { Requirement } from './factors/requirement'
import type { AttemptGuard, KeyCheck } from './keys/key-check'
import type { Principal, SessionPrincipal } from './principal'
import { databaseUnavailable, rightsChanged, sessionEnded } from './refusals'
import type { Revocations } from './revocations'
import { scopesOf, untilEnrolled } from './role-scopes'
import type { Claims, Tokens } from './tokens'

// RFC 6750 section 2.1; the scheme's name has no case (RFC 9110 section 11.1).
const BEARER = /^bearer +([\w\-.~+/]+=*)$/i
const SPELT_AS_USUAL = 'Bearer '
const SCHEME = /^bearer(?: |$)/i

/** A principal at once, or, for an API key that was not used lately, after it was looked up under the guard. */
export type Authenticate = (
  authorization: string | undefined,
  origin: RequestOrigin,
  guard: AttemptGuard,
) => Principal | Promise<Principal>

/**
 * Makes the function that turns an Authorization header into a principal: a token without a query, an API key with one
 * query at its first use.
 *
 * @throws {UnauthenticatedError} no credential, or one that is malformed, forged, expired or revoked
 * @throws {AppError} `address_not_allowed` for a key that is used from elsewhere; `database_unavailable` for too long to know whether the token was revoked elsewhere
 */
export function createAuthenticator(
  tokens: Tokens,
  revocations: Revocations,
  apiKeys: Pick<KeyCheck, 'authenticate'>,
  requirement: Pick<Requirement, 'isRequired'>,
  isCurrent: () => boolean,
): Authenticate {
  function principalOf(claims: Claims, origin: RequestOrigin): SessionPrincipal {
    if (revocations.covers(claims)) throw revocations.isForRoleAlone(claims) ? rightsChanged() : sessionEnded()
    if (!isCurrent()) throw databaseUnavailable()
    const { sub: userId, sid: sessionId, jti: tokenId, iat: issuedAt, exp: expiresAt, role } = claims
    const mustEnrol = claims.mfa !== true && requirement.isRequired()
    const scopes = mustEnrol ? untilEnrolled(scopesOf(role)) : scopesOf(role)
    const session = { userId, sessionId, tokenId, issuedAt, expiresAt, role, scopes, mustEnrol, origin }
    return { kind: 'session', ...session } as SessionPrincipal
  }

  return (authorization, origin, guard) => {
    if (!authorization) throw new UnauthenticatedError('not_authenticated', 'Sign in to use this.')
    // Most requests show a token that is known as it stands; its form need not be looked at again.
    const known = authorization.startsWith(SPELT_AS_USUAL)
      ? tokens.recall(authorization.slice(SPELT_AS_USUAL.length))
      : undefined
    if (known) return principalOf(known, origin)
    const token = BEARER.exec(authorization)?.[1]
    // Of another scheme there is nothing to say against a token: RFC 6750 section 3.1 wants no error code then.
    if (token === undefined)
      throw new UnauthenticatedError(
        SCHEME.test(authorization) ? 'invalid_token' : 'not_authenticated',
        'The Authorization header must be the word Bearer and an access token or API key.',
      )
    if (token.startsWith(API_KEY_PREFIX)) return apiKeys.authenticate(token, origin, guard)
    return principalOf(tokens.verify(token), origin)
  }
}
