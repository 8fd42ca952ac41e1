import { createSecretKey, randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { NAME_MAX_LENGTH, type User } from '../../contracts/auth'
import { type Role, role } from '../../contracts/scopes'
import type { TokenAlgorithm } from '../config'
import { UnauthenticatedError } from '../errors'
import { createRecent } from './recent'

const ISSUER = 'aurelius'
const AUDIENCE = 'aurelius-api'
const TYPE = 'at+jwt' // RFC 9068 section 2.1
const MAX_LENGTH = 4096
const MOST_REMEMBERED = 4096

const claimsShape = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.int(),
  iat: z.int(),
  jti: z.string().min(1),
  role,
})
export type Claims = z.infer<typeof claimsShape>

export interface TokenOptions {
  signingKey: Uint8Array
  algorithm: TokenAlgorithm
  lifetimeSeconds: number
  now(): number // milliseconds since 1970
}

export type Tokens = ReturnType<typeof createTokens>

/** Signs and checks access tokens: JWT (RFC 7519) of one pinned HMAC algorithm, issuer, audience and type. */
export function createTokens({ signingKey, algorithm, lifetimeSeconds, now }: TokenOptions) {
  // jsonwebtoken imports a key given as bytes anew at every call, which costs more than the signature.
  const key = createSecretKey(signingKey)
  const remembered = createRecent<{ token: string; claims: Claims }>(MOST_REMEMBERED)

  function verifyAnew(token: string): Claims {
    const segments = token.split('.')
    // jsonwebtoken decodes leniently, so several spellings of one token would pass.
    if (token.length > MAX_LENGTH || segments.length !== 3 || !segments.every(isCanonicalBase64url)) throw malformed()
    try {
      const { header, payload } = jwt.verify(token, key, {
        algorithms: [algorithm],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTimestamp: Math.floor(now() / 1000),
        complete: true,
      })
      if (header.typ !== TYPE || Object.keys(header).length !== 2) throw malformed()
      return claimsShape.parse(payload)
    } catch (error) {
      throw error instanceof jwt.TokenExpiredError ? expired() : malformed()
    }
  }

  return {
    lifetimeSeconds,

    /** Makes a token for one session of a user, issued no earlier than a second that is given. */
    issue(user: User, role: Role, sessionId: string, notBefore = 0): string {
      const issuedAt = Math.max(Math.floor(now() / 1000), notBefore)
      return jwt.sign(
        {
          sub: user.id,
          email: user.email,
          name: user.name.slice(0, NAME_MAX_LENGTH),
          is_admin: user.is_admin,
          role,
          iat: issuedAt,
          exp: issuedAt + lifetimeSeconds,
          jti: randomUUID(),
          iss: ISSUER,
          aud: AUDIENCE,
          sid: sessionId,
        },
        key,
        { algorithm, header: { alg: algorithm, typ: TYPE } },
      )
    },

    /**
     * Checks form, signature, times and claims, not revocation. A token that passed is remembered by its signature,
     * so that its next use costs a comparison; the time is checked at each use.
     *
     * @throws {UnauthenticatedError} `invalid_token`
     */
    verify(token: string): Claims {
      const signature = token.slice(token.lastIndexOf('.') + 1)
      const known = remembered.get(signature)
      if (known !== undefined && known.token === token) {
        if (known.claims.exp * 1000 > now()) return known.claims
        remembered.delete(signature)
        throw expired()
      }
      const claims = verifyAnew(token)
      remembered.set(signature, { token, claims })
      return claims
    },
  }
}

function isCanonicalBase64url(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment
}

const malformed = () => new UnauthenticatedError('invalid_token', 'The access token is not valid. Sign in again.')
const expired = () => new UnauthenticatedError('invalid_token', 'The access token has expired. Sign in again.')
