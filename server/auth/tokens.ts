import { createHmac, createSecretKey, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { NAME_MAX_LENGTH, type User } from '../../contracts/auth'
import { DEFAULT_ROLE, type Role, role } from '../../contracts/scopes'
import { CLOCK_TOLERANCE_MS } from '../clock'
import type { TokenAlgorithm } from '../config'
import { UnauthenticatedError } from '../errors'
import { arrangeRing, type RingKey, type SigningKey, signingKeyAt } from '../signing-keys'
import { createRecent } from './recent'

const ISSUER = 'aurelius'
const AUDIENCE = 'aurelius-api'
const TYPE = 'at+jwt' // RFC 9068 section 2.1
const MAX_LENGTH = 4096
const MOST_REMEMBERED = 4096
const HASHES: Record<TokenAlgorithm, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

const claimsShape = z.object({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.int(),
  iat: z.int(),
  jti: z.string().min(1),
  role,
  mfa: z.literal(true).optional(), // the account had a second factor when the token was issued
  nbf: z.undefined().optional(), // we date no token ahead
})
export type Claims = z.infer<typeof claimsShape>

/** What tokens said before they named their key: nothing of roles either. */
const earlierClaims = claimsShape
  .extend({ role: z.undefined().optional(), is_admin: z.boolean() })
  .transform(({ is_admin: isAdmin, ...claims }): Claims => ({ ...claims, role: isAdmin ? 'admin' : DEFAULT_ROLE }))

export interface TokenOptions {
  signingKeys: SigningKey[]
  algorithm: TokenAlgorithm
  lifetimeSeconds: number
  now(): number // milliseconds since 1970
}

interface Key extends RingKey {
  object: KeyObject
}

/** A header that this module writes, or wrote, and what it stands for. */
interface Known {
  key: Key
  shape: z.ZodType<Claims>
}

export type Tokens = ReturnType<typeof createTokens>

/**
 * Signs and checks access tokens: JWT (RFC 7519) of one pinned HMAC algorithm, issuer, audience and type. A token names
 * the key that signed it (`kid`); only the exact header that this module writes for a key of the ring is looked at, so
 * nothing in a header can choose how it is checked.
 */
export function createTokens({ signingKeys, algorithm, lifetimeSeconds, now }: TokenOptions) {
  const remembered = createRecent<{ token: string; claims: Claims }>(MOST_REMEMBERED)
  const hash = HASHES[algorithm]
  let ring: Key[] = []
  let headers = new Map<string, Known>()

  function replaceKeys(keys: SigningKey[]): void {
    // A key given as bytes would be imported anew at every use, which costs more than the signature.
    ring = arrangeRing(keys, lifetimeSeconds).map((key) => ({ ...key, object: createSecretKey(key.key) }))
    signingKeyAt(ring, 0)
    headers = new Map(
      ring.map((key) => [encoded({ alg: algorithm, typ: TYPE, kid: key.id }), { key, shape: claimsShape }]),
    )
    // Before there was a ring there was one key: the one without a time.
    const first = ring.find(({ signsFrom }) => signsFrom === 0)
    if (first) headers.set(encoded({ alg: algorithm, typ: TYPE }), { key: first, shape: earlierClaims })
    remembered.clear()
  }
  replaceKeys(signingKeys)

  const hasEnded = ({ endsAt }: Key) => endsAt !== null && endsAt * 1000 <= now()

  /** A token dated ahead would outlive what is remembered of its revocation. */
  function checkTimes({ iat, exp }: Claims): void {
    const at = now()
    if (exp * 1000 <= at) throw expired()
    if (iat * 1000 > at + CLOCK_TOLERANCE_MS) throw malformed()
  }

  function verifyAnew(token: string): Claims {
    if (token.length > MAX_LENGTH) throw malformed()
    const headerEnd = token.indexOf('.')
    const payloadEnd = token.lastIndexOf('.')
    const known = headers.get(token.slice(0, headerEnd))
    if (!known || hasEnded(known.key)) throw malformed()
    const signature = createHmac(hash, known.key.object).update(token.slice(0, payloadEnd)).digest('base64url')
    if (!equal(token.slice(payloadEnd + 1), signature)) throw malformed()

    const claims = readClaims(token.slice(headerEnd + 1, payloadEnd), known.shape)
    // A token lives no longer than tokens do now, so a key's end is known though the setting may have been another.
    claims.exp = Math.min(claims.exp, claims.iat + lifetimeSeconds)
    checkTimes(claims)
    return claims
  }

  /** What a token that passed says, if it is remembered. @throws {UnauthenticatedError} it has expired since */
  function recall(token: string): Claims | undefined {
    const known = remembered.get(signatureOf(token))
    if (known === undefined || known.token !== token) return undefined
    checkTimes(known.claims)
    return known.claims
  }

  return {
    lifetimeSeconds,
    replaceKeys,
    ring: (): RingKey[] => ring,

    /** Makes a token for one session of a user, issued no earlier than a second that is given. */
    issue(user: User, role: Role, sessionId: string, notBefore = 0, hasSecondFactor = false): string {
      const seconds = Math.floor(now() / 1000)
      const issuedAt = Math.max(seconds, notBefore)
      const key = signingKeyAt(ring, seconds)
      return jwt.sign(
        {
          sub: user.id,
          email: user.email,
          name: user.name.slice(0, NAME_MAX_LENGTH),
          is_admin: user.is_admin,
          role,
          ...(hasSecondFactor && { mfa: true }),
          iat: issuedAt,
          exp: issuedAt + lifetimeSeconds,
          jti: randomUUID(),
          iss: ISSUER,
          aud: AUDIENCE,
          sid: sessionId,
        },
        key.object,
        { algorithm, header: { alg: algorithm, typ: TYPE, kid: key.id } },
      )
    },

    /**
     * Checks form, signature, times and claims, not revocation. A token that passed is remembered by its signature,
     * so that its next use costs a comparison; the time is checked at each use.
     *
     * @throws {UnauthenticatedError} `invalid_token`
     */
    verify(token: string): Claims {
      const known = recall(token)
      if (known) return known
      const claims = verifyAnew(token)
      remembered.set(signatureOf(token), { token, claims })
      return claims
    },

    recall,
  }
}

/** Reads a payload whose signature is right. Only the one spelling that we would give these claims counts. */
function readClaims(payload: string, shape: z.ZodType<Claims>): Claims {
  const bytes = Buffer.from(payload, 'base64url')
  const text = bytes.toString()
  const content = parsed(text)
  const claims = shape.safeParse(content)
  if (!claims.success || JSON.stringify(content) !== text || bytes.toString('base64url') !== payload) throw malformed()
  return claims.data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const signatureOf = (token: string): string => token.slice(token.lastIndexOf('.') + 1)

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function equal(given: string, expected: string): boolean {
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
  )
}

const malformed = () => new UnauthenticatedError('invalid_token', 'The access token is not valid. Sign in again.')
const expired = () => new UnauthenticatedError('invalid_token', 'The access token has expired. Sign in again.')
