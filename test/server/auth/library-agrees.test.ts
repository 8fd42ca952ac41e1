import fc from 'fast-check'
import jwt from 'jsonwebtoken'
import { expect, test } from 'vitest'
import type { User } from '../../../contracts/auth'
import { createTokens } from '../../../server/auth/tokens'
import { encode, readToken, signToken } from '../../support/tokens'

const KEYS = [
  { key: Buffer.alloc(32, 1), signsFrom: 1 },
  { key: Buffer.alloc(32, 2), signsFrom: 2 },
]
const NOW = Date.parse('2030-01-01T00:00:00Z')
const ADA: User = {
  id: '8e1d5a52-4f0a-4c5e-9d8b-0f6f5a9a1b2c',
  email: 'ada@example.com',
  name: 'Ada “Λ” Lovelace',
  is_active: true,
  is_admin: false,
  created_at: '2025-01-01T00:00:00.000Z',
}

const newTokens = () => createTokens({ signingKeys: KEYS, algorithm: 'HS256', lifetimeSeconds: 1800, now: () => NOW })

/** jsonwebtoken, told everything that it can be told to pin. */
function libraryAccepts(token: string): boolean {
  try {
    jwt.verify(token, KEYS[1]?.key ?? '', {
      algorithms: ['HS256'],
      issuer: 'aurelius',
      audience: 'aurelius-api',
      clockTimestamp: NOW / 1000,
    })
    return true
  } catch {
    return false
  }
}

function weAccept(token: string): boolean {
  try {
    newTokens().verify(token)
    return true
  } catch (error) {
    expect(error).toMatchObject({ status: 401, code: 'invalid_token' })
    return false
  }
}

const json = fc.jsonValue()
const headerName = fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'x')
const claimName = fc.constantFrom('sub', 'sid', 'exp', 'iat', 'nbf', 'iss', 'aud', 'jti', 'role', 'x')

test('what is accepted here, jsonwebtoken accepts as well, whatever was changed in a token', () => {
  const token = newTokens().issue(ADA, 'analyst', 'session')
  expect([weAccept(token), libraryAccepts(token)]).toEqual([true, true])
  const { header, claims } = readToken(token)
  let accepted = 0

  const forged = fc.oneof(
    fc
      .tuple(fc.dictionary(headerName, json, { maxKeys: 2 }), fc.dictionary(claimName, json, { maxKeys: 2 }))
      .map(([h, c]) => signToken({ ...header, ...h }, { ...claims, ...c }, KEYS[1]?.key ?? '')),
    fc
      .tuple(fc.nat(token.length), fc.nat(3), fc.stringMatching(/^[\w\-.+/= ]{0,3}$/))
      .map(([at, cut, text]) => token.slice(0, at) + text + token.slice(at + cut)),
    fc.tuple(fc.object(), fc.object(), fc.string()).map(([h, c, s]) => `${encode(h)}.${encode(c)}.${s}`),
    fc.string(),
  )
  fc.assert(
    fc.property(forged, (text) => {
      if (!weAccept(text)) return
      accepted += 1
      expect(libraryAccepts(text)).toBe(true)
    }),
    { numRuns: 5_000 },
  )
  expect(accepted).toBeGreaterThan(0)
})

test('every token that is issued here, jsonwebtoken accepts, whoever it is for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }), (name) => {
      const token = newTokens().issue({ ...ADA, name }, 'viewer', 'session')

      expect(weAccept(token)).toBe(true)
      expect(libraryAccepts(token)).toBe(true)
      expect(readToken(token).claims.name).toBe(name.slice(0, 255))
    }),
    { numRuns: 500 },
  )
})
