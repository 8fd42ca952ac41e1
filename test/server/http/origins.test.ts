import { expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const FRIEND = 'https://research.example'

test.each([
  ['another site', 'https://evil.example'],
  ['no origin that could be named', 'null'],
  ['another port of this machine', 'http://127.0.0.1:1'],
  ['another scheme', 'https://HOST'],
  ['this address with a path', 'http://HOST/'],
  ['a site that starts like the allowed one', `${FRIEND}.evil.example`],
  ['the allowed one in another case', 'https://RESEARCH.example'],
  ['the allowed one with a port', `${FRIEND}:8443`],
  ['a list with the allowed one', `${FRIEND} https://evil.example`],
  ['a wildcard', '*'],
  ['nothing', ''],
])('a page of %s gets nothing of the API, however it asks', async (_what, given) => {
  const server = await startTestServer({ config: { allowedOrigins: [FRIEND] } })
  const { host } = new URL(server.origin)
  const origin = given.replace('HOST', host)
  const signedIn = await server.signUp()

  for (const path of ['/api/health', '/api/openapi.json', '/api/docs', '/api/auth/verify', '/API/health', '/api']) {
    const { status, body, headers } = await signedIn.get(path, { headers: { origin } })
    expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'origin_not_allowed' })
    expect(body.detail).toMatch(/ALLOWED_ORIGINS\.$/)
    expect(corsHeaders(headers)).toEqual([])
  }
  for (const path of ['/api/auth/register', '/API/auth/register', '/Api/Auth/Register/'])
    expect((await server.client.post(path, ada, { headers: { origin } })).status).toBe(403)
  const preflight = await server.client.request('OPTIONS', '/api/auth/login', undefined, {
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  expect(preflight.status).toBe(403)
  expect(corsHeaders(preflight.headers)).toEqual([])
  expect((await (await openBeside(server)).users.listAll()).total).toBe(1)
})

test.each(['127.0.0.1', 'localhost'])('a page of this server under %s may use it, and needs no CORS', async (name) => {
  const { origin } = await startTestServer()
  const host = `${name}:${new URL(origin).port}`

  const reply = await sendRaw(
    origin,
    rawRequest('GET /api/health HTTP/1.1', [`Host: ${host}`, `Origin: http://${host}`]),
  )

  expect(reply.status).toBe(200)
  expect([...reply.headers.keys()].filter((header) => header.startsWith('access-control'))).toEqual([])
})

test('a page of an allowed origin may ask, and may read what it gets', async () => {
  const { client } = await startTestServer({ config: { allowedOrigins: [FRIEND, 'http://other.example:3000'] } })
  const headers = { origin: FRIEND }

  const preflight = await client.request('OPTIONS', '/api/auth/login', undefined, {
    headers: { ...headers, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  })
  expect(preflight).toMatchObject({ status: 204, body: '' })
  expect(Object.fromEntries(corsHeaders(preflight.headers))).toEqual({
    'access-control-allow-origin': FRIEND,
    'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE, PUT',
    'access-control-allow-headers': 'Authorization, Content-Type',
    'access-control-expose-headers': 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate',
    'access-control-max-age': '600',
  })
  expect(preflight.headers.get('vary')).toBe('Origin')

  for (const reply of [
    await client.post('/api/auth/register', ada, { headers }),
    await client.get('/api/nope', { headers }),
  ]) {
    expect(reply.status).toBeOneOf([200, 401])
    expect(reply.headers.get('access-control-allow-origin')).toBe(FRIEND)
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull()
    expect(reply.headers.get('vary')).toBe('Origin')
  }
})

function corsHeaders(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => name.startsWith('access-control'))
}

test('an Origin behind two thousand other headers counts as well', async () => {
  const server = await startTestServer()
  const { host } = new URL(server.origin)
  const many = Array.from({ length: 2_100 }, () => 'a:')

  const reply = await sendRaw(
    server.origin,
    rawRequest('GET /api/health HTTP/1.1', [`Host: ${host}`, ...many, 'Origin: https://evil.example']),
  )

  expect(reply.status).toBe(403)
})
