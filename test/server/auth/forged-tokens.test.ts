import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestServer } from '../../support/start-test-server'
import { encode, readToken, signToken, type TokenParts } from '../../support/tokens'

type Forgery = (parts: TokenParts, token: string, key: Uint8Array) => string
const [A, B] = ['eyJhbGciOiJIUzI1NiJ9', 'e30']
const signed =
  (change: (parts: TokenParts) => Partial<TokenParts>): Forgery =>
  (parts, _token, key) => {
    const { header, claims } = { ...parts, ...change(parts) }
    return signToken(header, claims, key)
  }
const without = (claim: string) => signed(({ claims }) => ({ claims: { ...claims, [claim]: undefined } }))
const withClaim = (claim: string, value: unknown) => signed(({ claims }) => ({ claims: { ...claims, [claim]: value } }))
const withHeader = (extra: object) => signed(({ header }) => ({ header: { ...header, ...extra } }))
const segment =
  (at: number, change: (text: string) => string): Forgery =>
  (_parts, token) =>
    token
      .split('.')
      .map((text, index) => (index === at ? change(text) : text))
      .join('.')

// The last character of 43 carries 4 bits of a byte and 2 of nothing; the next one differs in those 2 alone.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const changeTrailingBits = (text: string) => text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.slice(-1)) ^ 1]

const forgeries: [string, Forgery][] = [
  [
    'algorithm none without a signature',
    ({ claims }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.`,
  ],
  [
    'algorithm none with the old signature',
    ({ claims, signature }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims)}.${signature}`,
  ],
  ['algorithm nOnE', ({ claims }) => `${encode({ alg: 'nOnE', typ: 'at+jwt' })}.${encode(claims)}.AAAA`],
  ['algorithm RS256 signed with the secret', withHeader({ alg: 'RS256' })],
  ['algorithm in lower case', withHeader({ alg: 'hs256' })],
  ['no algorithm', withHeader({ alg: undefined })],
  ['a list for the algorithm', withHeader({ alg: ['HS256'] })],
  ['no type', withHeader({ typ: undefined })],
  ...['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'at+jwt ', 'refresh+jwt', '', null, 1, ['at+jwt']].map(
    (typ): [string, Forgery] => [`the type ${JSON.stringify(typ)}`, withHeader({ typ })],
  ),
  ['no key id', withHeader({ kid: undefined })],
  ...[
    '',
    'unknown-key-0000',
    '../../dev/null',
    '/dev/null',
    "x' UNION SELECT 'key' --",
    'http://evil.example/key',
    '__proto__',
    'constructor',
    '\0',
    0,
    null,
    true,
    [],
    {},
  ].map((kid): [string, Forgery] => [`the key id ${JSON.stringify(kid)}`, withHeader({ kid })]),
  ['a key id that is a list of the right one', signed(({ header }) => ({ header: { ...header, kid: [header.kid] } }))],
  ['the right key id in other letters', signed(({ header }) => ({ header: { ...header, kid: swapCase(header.kid) } }))],
  ['the id of the right key, signed by another', ({ header, claims }) => signToken(header, claims, randomBytes(32))],
  ['the id of the right key, signed by the id', ({ header, claims }) => signToken(header, claims, String(header.kid))],
  ['two algorithms in one header', repeated('alg', 'none')],
  ['two key ids in one header', repeated('kid', 'unknown-key-0000')],
  ['two types in one header', repeated('typ', 'JWT')],
  [
    'a header in another order',
    signed(({ header }) => ({ header: Object.fromEntries(Object.entries(header).reverse()) })),
  ],
  ['a header with spaces', (parts, _token, key) => signText(JSON.stringify(parts.header, null, 1), parts.claims, key)],
  ['a header that is no JSON', (parts, _token, key) => signText('alg=HS256', parts.claims, key)],
  ['a header of null', (parts, _token, key) => signText('null', parts.claims, key)],
  ['a header of 3,000 characters', withHeader({ pad: 'x'.repeat(3_000) })],
  ['a header of 10,000 characters', withHeader({ pad: 'x'.repeat(10_000) })],
  ['a key of its own', withHeader({ jwk: { kty: 'oct', k: 'AAAA' } })],
  ['a key address', withHeader({ jku: 'https://evil.example/jwks.json' })],
  ['a certificate of its own', withHeader({ x5c: ['MIIB'] })],
  ['a certificate address', withHeader({ x5u: 'https://evil.example/cert.pem' })],
  ['a critical extension', withHeader({ crit: ['exp'] })],
  ['a critical extension that is named', withHeader({ crit: ['aurelius'], aurelius: true })],
  ['no critical extension', withHeader({ crit: [] })],
  ['a content type', withHeader({ cty: 'JWT' })],
  ['compression', withHeader({ zip: 'DEF' })],
  ['an unencoded payload', withHeader({ b64: false })],
  ['another key', ({ header, claims }) => signToken(header, claims, randomBytes(32))],
  ['the empty key', ({ header, claims }) => signToken(header, claims, '')],
  ...['sub', 'sid', 'exp', 'iat', 'jti', 'iss', 'aud', 'role'].map((claim): [string, Forgery] => [
    `no ${claim}`,
    without(claim),
  ]),
  ['another issuer', withClaim('iss', 'somebody')],
  ['another audience', withClaim('aud', 'another-api')],
  ['an empty list of audiences', withClaim('aud', [])],
  ['an empty subject', withClaim('sub', '')],
  ['a number for the subject', withClaim('sub', 1)],
  ['an object for the session', withClaim('sid', { $ne: null })],
  ['an empty session', withClaim('sid', '')],
  ['a role that is none', withClaim('role', 'root')],
  ['a role that every object has', withClaim('role', 'constructor')],
  ['a list of roles', withClaim('role', ['admin'])],
  ['text for the expiry', withClaim('exp', '9999999999')],
  ['an endless expiry', withClaim('exp', 1e300)],
  ['an expiry in the past', withClaim('exp', 1)],
  ['a start in the future', withClaim('nbf', 99_999_999_999)],
  [
    'a claim changed after signing',
    ({ header, claims, signature }) => `${encode(header)}.${encode({ ...claims, role: 'admin' })}.${signature}`,
  ],
  ['a role twice in the claims', repeatedClaim('role', '"admin"')],
  ['an expiry twice in the claims', repeatedClaim('exp', '99999999999')],
  ['a subject twice in the claims', repeatedClaim('sub', '"somebody"')],
  ['claims with spaces', (parts, _token, key) => signClaims(parts, JSON.stringify(parts.claims, null, 1), key)],
  ['claims that are no JSON', (parts, _token, key) => signClaims(parts, 'sub=1', key)],
  ['claims that are not UTF-8', (parts, _token, key) => signClaims(parts, Buffer.from([123, 255, 125]), key)],
  ['a list of audiences with ours in it', withClaim('aud', ['aurelius-api', 'another-api'])],
  ['a start of null', withClaim('nbf', null)],
  ['an issue date that is text', withClaim('iat', '1')],
  ['an issue date long ago', withClaim('iat', 1)],
  ['a list for claims', ({ header }, _token, key) => signToken(header, [], key)],
  ['no signature', segment(2, () => '')],
  ['half a signature', segment(2, (text) => text.slice(0, 20))],
  [
    'claims in another spelling of base64url, signed',
    ({ header, claims }, _token, key) => signSpelledOddly(header, claims, key),
  ],
  ['a signature with other trailing bits', segment(2, changeTrailingBits)],
  ['padding', (_parts, token) => `${token}=`],
  ['padding in the middle', segment(0, (text) => `${text}=`)],
  ['the alphabet of plain base64', segment(2, (text) => `${text.slice(0, -4)}++//`)],
  ['a space inside', segment(1, (text) => `${text.slice(0, 9)} ${text.slice(9)}`)],
  ['a trailing dot', (_parts, token) => `${token}.`],
  ['a fourth part', (_parts, token) => `${token}.AAAA`],
  ['doubled dots', (_parts, token) => token.replaceAll('.', '..')],
  ['two parts', () => `${A}.${B}`],
  ['one part', () => A],
  ['dots alone', () => '..'],
  ['encryption’s five parts', () => [A, B, B, B, B].join('.')],
  ['no JSON', () => 'AAAA.BBBB.CCCC'],
  ['12,000 characters', () => `${A}.${'A'.repeat(12_000)}.AAAA`],
]

function swapCase(text: unknown): string {
  return String(text).replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

/** A header that says one thing twice; readers of JSON take the last one, or the first. */
function repeated(name: string, value: string): Forgery {
  return ({ header, claims }, _token, key) => {
    const text = JSON.stringify(header)
    return signText(`{"${name}":"${value}",${text.slice(1)}`, claims, key)
  }
}

function repeatedClaim(name: string, value: string): Forgery {
  return (parts, _token, key) => signClaims(parts, `{"${name}":${value},${JSON.stringify(parts.claims).slice(1)}`, key)
}

function signText(header: string, claims: object, key: Uint8Array): string {
  return signSegments(Buffer.from(header), Buffer.from(JSON.stringify(claims)), key)
}

function signClaims({ header }: TokenParts, claims: string | Buffer, key: Uint8Array): string {
  return signSegments(Buffer.from(JSON.stringify(header)), Buffer.from(claims), key)
}

function signSegments(header: Buffer, claims: Buffer, key: Uint8Array): string {
  const text = `${header.toString('base64url')}.${claims.toString('base64url')}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

/** A valid signature over claims whose last character has bits set that stand for nothing. */
function signSpelledOddly(header: object, claims: object, key: Uint8Array): string {
  let padded = { ...claims, pad: '' }
  while (encode(padded).length % 4 !== 2) padded = { ...padded, pad: `${padded.pad}x` }
  const text = `${encode(header)}.${changeTrailingBits(encode(padded))}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

test('a forged or altered token is refused in the words of RFC 6750, however it was made', async () => {
  const server = await startTestServer()
  const { token } = await server.signUp()
  const verify = (forged: string) => server.client.withToken(forged).get('/api/auth/verify')

  for (const [name, forge] of forgeries) {
    const forged = forge(readToken(token), token, server.signingKey)
    expect(forged, name).not.toBe(token)

    const { status, body, headers } = await verify(forged)

    expect({ name, status, code: body.code }).toEqual({ name, status: 401, code: 'invalid_token' })
    const challenge = `Bearer realm="Aurelius", error="invalid_token", error_description="${body.detail}"`
    expect(headers.get('www-authenticate'), name).toBe(challenge)
    expect(JSON.stringify(body), name).not.toContain(forged.slice(0, 12))
  }
  expect((await verify(token)).status).toBe(200)
})

test.each<[string, (token: string) => Record<string, string>, number, string]>([
  ['the scheme in lower case', (token) => ({ authorization: `bearer ${token}` }), 200, ''],
  ['the scheme in capitals', (token) => ({ authorization: `BEARER ${token}` }), 200, ''],
  ['several spaces', (token) => ({ authorization: `Bearer   ${token}` }), 200, ''],
  ['no header', () => ({}), 401, 'not_authenticated'],
  ['an empty header', () => ({ authorization: '' }), 401, 'not_authenticated'],
  ['another scheme', () => ({ authorization: 'Basic YWRhOnBhc3N3b3Jk' }), 401, 'not_authenticated'],
  ['the token alone', (token) => ({ authorization: token }), 401, 'not_authenticated'],
  ['the scheme alone', () => ({ authorization: 'Bearer' }), 401, 'invalid_token'],
  ['two tokens', (token) => ({ authorization: `Bearer ${token} ${token}` }), 401, 'invalid_token'],
  ['a list of tokens', (token) => ({ authorization: `Bearer ${token}, Bearer ${token}` }), 401, 'invalid_token'],
  ['quotes', (token) => ({ authorization: `Bearer "${token}"` }), 401, 'invalid_token'],
  [
    'a cookie',
    (token) => ({ cookie: `access_token=${token}; Authorization=Bearer ${token}` }),
    401,
    'not_authenticated',
  ],
  [
    'headers of other names',
    (token) => ({ 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` }),
    401,
    'not_authenticated',
  ],
])('a token sent with %s', async (_what, headersWith, status, code) => {
  const server = await startTestServer()
  const { token } = await server.signUp()

  const reply = await server.client.get('/api/auth/verify', { headers: headersWith(token) })

  expect(reply.status).toBe(status)
  if (status === 401) expect(reply.body.code).toBe(code)
  if (code === 'not_authenticated') expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="Aurelius"')
})

test('a token in the query string or in the body does not count', async () => {
  const { client, signUp } = await startTestServer()
  const { token } = await signUp()

  for (const name of ['access_token', 'token', 'authorization'])
    expect((await client.get(`/api/auth/verify?${name}=${token}`)).status).toBe(401)
  expect((await client.post('/api/auth/logout', { access_token: token })).status).toBe(401)
  expect((await client.withToken(token).get('/api/auth/verify')).status).toBe(200)
})
