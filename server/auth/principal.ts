import type { PersonalScope, Role, Scope } from '../../contracts/scopes'
import type { RequestOrigin } from '../audit/actor'

declare const checked: unique symbol

interface Caller {
  readonly [checked]: true
  readonly userId: string
  readonly role: Role
  readonly scopes: ReadonlySet<Scope>
  readonly origin: RequestOrigin
  /** Everybody must have a second factor, and this person has none yet: see `beforeFactor` of an endpoint. */
  readonly mustEnrol: boolean
}

/** A person who signed in. */
export interface SessionPrincipal extends Caller {
  readonly kind: 'session'
  readonly sessionId: string
  readonly tokenId: string
  readonly issuedAt: number // seconds since 1970
  readonly expiresAt: number // seconds since 1970
}

/** A script that shows an API key of a person's. Its scopes are among those of the person's role. */
export interface KeyPrincipal extends Caller {
  readonly kind: 'key'
  readonly keyId: string
}

/**
 * The caller after the credential was checked. Only the authenticator makes one, so a service that asks for it cannot
 * be reached without.
 */
export type Principal = SessionPrincipal | KeyPrincipal

/** Who can have a scope: some are for people alone. */
export type PrincipalWith<S extends Scope> = [S] extends [PersonalScope] ? SessionPrincipal : Principal
