import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { z } from 'zod'
import { CLOCK_TOLERANCE_MS } from '../clock'
import { InvalidKeyProofError } from '../errors'
import type { SessionRow } from '../models/session'

/** What a page showed as proof of its key, and the request that came with it. */
export interface ShownProof {
  jwt: string
  method: string // POST
  address: string // https://host:port/path, without a query
}

/** A proof that is right: whose key, and which of its proofs. */
interface KeyProof {
  thumbprint: string // RFC 7638, SHA-256, base64url
  id: string
  at: number // seconds since 1970
}

type KeptProofs = Pick<SessionRow, 'shownProofs'>
type SessionKey = Pick<SessionRow, 'keyThumbprint' | 'shownProofs'>

const MAX_LENGTH = 2_048
const JWT = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/
const coordinate = z.string().regex(/^[\w-]{43}$/)

const header = z.strictObject({
  typ: z.literal('dpop+jwt'),
  alg: z.literal('ES256'),
  jwk: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
})
const payload = z.strictObject({
  jti: z.string().regex(/^[\w-]{16,64}$/),
  htm: z.string(),
  htu: z.string(),
  iat: z.int(),
})

/**
 * Checks a DPoP proof (RFC 9449 section 4.3) of one pinned algorithm for the request it came with. Whether its key is
 * the right one, and whether it was shown before, is for the caller to say.
 *
 * @param now milliseconds since 1970
 * @returns nothing where any of it is not right
 */
function readKeyProof({ jwt, method, address }: ShownProof, now: number): KeyProof | undefined {
  const parts = jwt.length <= MAX_LENGTH ? JWT.exec(jwt) : null
  if (!parts) return undefined
  const [, head = '', body = '', signature = ''] = parts
  const stated = header.safeParse(decoded(head))
  const claims = payload.safeParse(decoded(body))
  if (!stated.success || !claims.success) return undefined
  const { jti, htm, htu, iat } = claims.data
  if (htm !== method || htu !== address || Math.abs(now - iat * 1000) > CLOCK_TOLERANCE_MS) return undefined
  if (!isSigned(`${head}.${body}`, signature, stated.data.jwk)) return undefined
  return { thumbprint: thumbprintOf(stated.data.jwk), id: jti, at: iat }
}

/** Holds a session in a browser to the key that its page showed when it signed in. */
export function createKeyProofs(now: () => number) {
  return {
    /** The key that a new session is bound to; `null` where the page showed none. @throws {InvalidKeyProofError} */
    keyOf(shown: ShownProof | undefined): string | null {
      if (!shown) return null
      const proof = readKeyProof(shown, now())
      if (!proof) throw new InvalidKeyProofError(now())
      return proof.thumbprint
    },

    /** @returns what the session is to keep so that the proof counts once; nothing where it does not count now */
    spend(shown: ShownProof | undefined, { keyThumbprint, shownProofs }: SessionKey): KeptProofs | undefined {
      if (keyThumbprint === null) return { shownProofs }
      const proof = shown && readKeyProof(shown, now())
      const kept = proof?.thumbprint === keyThumbprint ? addProof(shownProofs, proof, now()) : undefined
      return kept === undefined ? undefined : { shownProofs: kept }
    },
  }
}

/** The proofs of a session that could be shown again, with one more. @returns nothing where that one is among them */
function addProof(kept: string | null, { id, at }: KeyProof, now: number): string | undefined {
  const all = z.array(z.tuple([z.string(), z.number()])).parse(JSON.parse(kept ?? '[]'))
  const recent = all.filter(([, shownAt]) => shownAt * 1000 + CLOCK_TOLERANCE_MS >= now)
  return recent.some(([shown]) => shown === id) ? undefined : JSON.stringify([...recent, [id, at]])
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

function isSigned(text: string, signature: string, jwk: JsonWebKey): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  } catch {
    return false // no point of the curve
  }
}

function thumbprintOf({ crv, kty, x, y }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
