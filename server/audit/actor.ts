import type { ActorKind } from '../../contracts/audit'
import type { Principal } from '../auth/principal'

/** Where a request comes from, as far as it shows. */
export interface RequestOrigin {
  address: string
  userAgent: string
  requestId: string
}

/** Who acts, by what right, and from where. */
export interface Actor {
  kind: ActorKind
  userId: string | null
  credentialId: string | null // of the session or the API key
  origin: RequestOrigin | null
}

/** The machine's own operator, at its command line. */
export const COMMAND_LINE: Actor = { kind: 'command_line', userId: null, credentialId: null, origin: null }

/** The program by itself, when its time has come. */
export const SERVER: Actor = { kind: 'server', userId: null, credentialId: null, origin: null }

export const anonymous = (origin: RequestOrigin): Actor => ({
  kind: 'anonymous',
  userId: null,
  credentialId: null,
  origin,
})

export const signedIn = (userId: string, sessionId: string, origin: RequestOrigin): Actor => ({
  kind: 'user',
  userId,
  credentialId: sessionId,
  origin,
})

export function actorOf(principal: Principal): Actor {
  const { userId, origin } = principal
  if (principal.kind === 'session') return signedIn(userId, principal.sessionId, origin)
  return { kind: 'api_key', userId, credentialId: principal.keyId, origin }
}
