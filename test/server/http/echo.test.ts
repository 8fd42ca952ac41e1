import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../contracts/endpoints'
import { openBeside, readLog } from '../../support/beside'
import { startTestServer } from '../../support/start-test-server'
import { signToken } from '../../support/tokens'

const MARKER = 'Marker5ecret'
const posts = Object.values<Endpoint>(endpoints).filter(({ method }) => method === 'post')
const paths = posts.map(({ path }) => path)
const pathsWithBody = posts.filter(({ body }) => body !== undefined).map(({ path }) => path)

const markedText = fc.string({ unit: 'binary' }).map((text) => MARKER + text)
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    markedText,
    fc.constantFrom(null, true, false, 0, -1, 1e308, '', []),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        markedText,
        fc.constantFrom('email', '__proto__', 'constructor', 'length', 'toString', 'valueOf', 'then', 'toJSON'),
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value
const anyBody = fc.oneof(
  anything,
  fc.record(
    { email: anything, password: anything, name: anything, current_password: anything, new_password: anything },
    { requiredKeys: [] },
  ),
)

test('no JSON makes the server fail or say it back, whatever it is', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pathsWithBody), anyBody, async (path, body) => {
      const { status, body: reply, headers } = await ada.post(path, body)

      if (status === 201) return // a name is all that a workspace needs
      expect([400, 401, 403, 404, 409, 422]).toContain(status)
      expect(JSON.stringify([reply, ...headers])).not.toContain(MARKER)
    }),
    { numRuns: 300 },
  )

  expect((await (await openBeside(server)).users.listAll()).total).toBe(1)
  const { text, lines } = await readLog(server)
  expect(text).not.toContain(MARKER)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
}, 60_000)

test('no bytes make the server fail or say them back', async () => {
  const server = await startTestServer()
  const types = ['application/json', 'application/json; charset=utf-8', 'text/plain', `application/${MARKER}`]

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.uint8Array({ minLength: 1 }),
      fc.constantFrom(...types),
      async (path, bytes, type) => {
        const raw = new Uint8Array([...Buffer.from(MARKER), ...bytes])
        const { status, body, headers } = await server.client.post(path, undefined, {
          raw,
          headers: { 'content-type': type },
        })

        expect([400, 401, 403, 415]).toContain(status)
        expect(JSON.stringify([body, ...headers])).not.toContain(MARKER)
      },
    ),
    { numRuns: 100 },
  )
}, 60_000)

test('what a client sends in any place is neither said back nor written to the log', async () => {
  const server = await startTestServer({ config: { allowedOrigins: ['https://research.example'] } })
  const { client } = server
  const ada = { email: `${MARKER}@example.com`, password: `${MARKER} password`, name: `${MARKER} name` }
  const forged = signToken({ alg: 'HS256', typ: 'at+jwt', kid: MARKER }, { sub: MARKER }, MARKER)

  const replies = [
    await client.get(`/api/${MARKER}`),
    await client.get(`/api/health?${MARKER}=${MARKER}`),
    await client.get(`/${MARKER}.js`),
    await client.request('DELETE', `/api/auth/login?x=${MARKER}`),
    await client.get('/api/auth/verify', { headers: { authorization: `Bearer ${forged}` } }),
    await client.get('/api/auth/verify', { headers: { authorization: `Bearer ${MARKER}` } }),
    await client.get('/api/auth/verify', { headers: { authorization: `Basic ${MARKER}` } }),
    await client.get('/api/health', { headers: { origin: `https://${MARKER}.example` } }),
    await client.get('/api/health', {
      headers: {
        cookie: MARKER,
        'user-agent': MARKER,
        referer: `http://${MARKER}`,
        'x-request-id': MARKER,
        'x-forwarded-for': MARKER,
      },
    }),
    await client.post('/api/auth/login', { email: ada.email, password: ada.password }),
    await client.post('/api/auth/login', { email: MARKER, password: { [MARKER]: MARKER } }),
    await client.post('/api/auth/register', { ...ada, password: MARKER.slice(0, 5), [MARKER]: MARKER }),
    await client.post('/api/auth/register', undefined, { raw: `{"email": "${MARKER}` }),
    await client.post('/api/auth/register', MARKER, { headers: { 'content-type': `text/${MARKER}` } }),
    await client.post('/api/auth/register', MARKER, { headers: { 'content-encoding': MARKER } }),
  ]

  for (const { status, body, headers } of replies)
    expect(JSON.stringify([status, body, ...headers])).not.toMatch(new RegExp(MARKER, 'i'))
  expect((await readLog(server)).text).not.toMatch(new RegExp(MARKER, 'i'))
})
