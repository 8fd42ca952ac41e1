import { expect, test } from 'vitest'
import { signingKeyId } from '../../../server/signing-keys'
import { startTestServer, type TestServer } from '../../support/start-test-server'
import { readToken, signToken } from '../../support/tokens'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const verify = (server: TestServer, authorization: string) =>
  server.client.get('/api/auth/verify', { headers: { authorization } })

test('a token carries exactly the claims that were promised', async () => {
  const now = Date.parse('2030-01-02T03:04:05.678Z')
  const { client, signingKey } = await startTestServer({ now: () => now })
  const { body } = await client.post('/api/auth/register', {
    email: 'ada@example.com',
    password: 'a long enough password',
    name: 'Ada',
  })

  const { header, claims } = readToken(body.access_token)

  expect(header).toStrictEqual({ alg: 'HS256', typ: 'at+jwt', kid: signingKeyId(signingKey) })
  expect(Buffer.from(String(header.kid), 'base64url')).toHaveLength(12)
  expect(claims).toStrictEqual({
    sub: body.user.id,
    email: 'ada@example.com',
    name: 'Ada',
    is_admin: false,
    role: 'analyst',
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 1800,
    jti: expect.stringMatching(UUID),
    iss: 'aurelius',
    aud: 'aurelius-api',
    sid: expect.stringMatching(UUID),
  })
})

test.each([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
] as const)('with %s configured only that algorithm counts', async (algorithm, hash) => {
  const server = await startTestServer({ config: { tokens: { algorithm, lifetimeSeconds: 60 } } })
  const { token } = await server.signUp()
  const { header, claims } = readToken(token)
  const { signingKey } = server

  expect(header.alg).toBe(algorithm)
  expect((await verify(server, `Bearer ${token}`)).status).toBe(200)
  expect((await verify(server, `Bearer ${signToken(header, claims, signingKey, hash)}`)).status).toBe(200)
  for (const [alg, other] of [
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const) {
    if (alg === algorithm) continue
    expect((await verify(server, `Bearer ${signToken({ ...header, alg }, claims, signingKey, other)}`)).status).toBe(
      401,
    )
    expect((await verify(server, `Bearer ${signToken(header, claims, signingKey, other)}`)).status).toBe(401)
  }
})

test('a token dies at its hour, whether it was used before or not', async () => {
  let now = Date.parse('2030-01-01T00:00:00Z')
  const server = await startTestServer({
    config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 60 } },
    now: () => now,
  })
  const [used, unused] = [await server.signUp('Used'), await server.signUp('Unused')]
  expect((await used.get('/api/auth/verify')).status).toBe(200)

  now += 59_999
  expect((await used.get('/api/auth/verify')).status).toBe(200)
  now += 1
  for (const client of [used, unused]) {
    const reply = await client.get('/api/auth/verify')
    expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect(reply.body.detail).toBe('The access token has expired. Sign in again.')
    expect((await client.post('/api/auth/logout')).status).toBe(401)
  }
})

test('a token of another installation is worth nothing here', async () => {
  const [here, there] = [await startTestServer(), await startTestServer()]
  const stranger = await there.signUp()

  expect((await stranger.at(here.origin).get('/api/auth/verify')).status).toBe(401)
})
