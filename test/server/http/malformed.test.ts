import { expect, onTestFinished, test } from 'vitest'
import { problem } from '../../../contracts/problem'
import { readLog } from '../../support/beside'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

const MARKER = 'Marker5ecret'
const HOST = 'Host: 127.0.0.1'

test.each<[string, number, string]>([
  ['no HTTP at all', 400, `${MARKER}\r\n\r\n`],
  ['TLS', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['another protocol', 400, `GET /${MARKER} SPDY/3\r\n\r\n`],
  ['HTTP/2 without asking', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method nobody knows', 400, rawRequest(`${MARKER} / HTTP/1.1`, [HOST])],
  ['a header without a colon', 400, rawRequest('GET /api/health HTTP/1.1', [HOST, MARKER])],
  ['a space before the colon', 400, rawRequest('GET /api/health HTTP/1.1', [HOST, `X-${MARKER} : 1`])],
  ['a control character in a header', 400, rawRequest('GET /api/health HTTP/1.1', [HOST, `X-A: ${MARKER}\u0001`])],
  ['a space in the target', 400, rawRequest(`GET /api/${MARKER} /x HTTP/1.1`, [HOST])],
  [
    'two lengths',
    400,
    rawRequest('POST /api/auth/login HTTP/1.1', [HOST, 'Content-Length: 1', 'Content-Length: 2'], 'ab'),
  ],
  [
    'a length and chunks',
    400,
    rawRequest('POST /api/auth/login HTTP/1.1', [HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ],
  ['a length below nothing', 400, rawRequest('POST /api/auth/login HTTP/1.1', [HOST, 'Content-Length: -1'])],
  [
    'a chunk of no size',
    400,
    rawRequest(
      'POST /api/auth/login HTTP/1.1',
      [HOST, 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
      `${MARKER}\r\n`,
    ),
  ],
  [
    '20,000 characters of headers',
    431,
    rawRequest('GET /api/health HTTP/1.1', [HOST, `X-A: ${MARKER}${'a'.repeat(20_000)}`]),
  ],
  ['a path of 20,000 characters', 431, rawRequest(`GET /api/${MARKER}${'a'.repeat(20_000)} HTTP/1.1`, [HOST])],
])('%s gets a problem document that repeats nothing, and the server lives on', async (_what, status, request) => {
  const { origin, client } = await startTestServer()

  const reply = await sendRaw(origin, request)

  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  expect(problem.parse(JSON.parse(reply.body)).status).toBe(status)
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(reply.text).not.toContain(MARKER)
  expect((await client.get('/api/health')).status).toBe(200)
})

test('a request that cannot be read is in the log, without what was in it', async () => {
  const server = await startTestServer()

  await sendRaw(server.origin, rawRequest('GET /api/health HTTP/1.1', [HOST, MARKER]))

  const { text, lines } = await readLog(server)
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'unreadable request', status: 400 }))
  expect(text).not.toContain(MARKER)
})

test.each([
  ['a broken escape', '/api/%'],
  ['an escape that is no UTF-8', '/api/%ff%fe'],
  ['an escaped NUL', '/api/%00'],
  ['an overlong escape', '/api/%c0%ae%c0%ae/'],
  ['two slashes', '//api/health'],
  ['a way up', '/api/auth/../health'],
  ['a parameter in the path', '/api/health;x=1'],
  ['an escaped slash', '/api%2fhealth'],
  ['a backslash', '/api\\health'],
  ['bytes beyond ASCII', '/api/h\u00e9alth'],
  ['a star', '*'],
  ['a name', 'api/health'],
])('a path with %s leads to no route and to no error of the server', async (_what, target) => {
  const { origin } = await startTestServer()

  const { status, headers } = await sendRaw(origin, rawRequest(`GET ${target} HTTP/1.1`, [HOST]))

  expect(status).toBeOneOf([400, 401, 404, 421])
  expect(headers.get('content-type')).toBe('application/problem+json')
})

test.each([
  'http://[::1/',
  'http://[::1]:x/',
  'http://127.0.0.1:80MARK/',
  'http://127.0.0.1:123456/',
  'http://127.0.0.1:/',
  'http://127.0.0.1:8000:9000/',
  'http://a^b/',
  "http://a'b/",
  'http:///',
  'http://%zz@127.0.0.1/',
  'ftp://127.0.0.1/',
  'http://%31/',
  'http://xn--/',
  'http:',
  'javascript:MARK//',
])('a target that is no address, %s, is refused, and repeated nowhere', async (target) => {
  const server = await startTestServer()
  const warnings: string[] = []
  const listen = (warning: Error) => warnings.push(String(warning))
  process.on('warning', listen)
  onTestFinished(() => void process.off('warning', listen))

  const { status, headers, body } = await sendRaw(
    server.origin,
    rawRequest(`GET ${target.replace('MARK', MARKER)}?x=${MARKER} HTTP/1.1`, [HOST]),
  )

  expect(status).toBe(400)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(problem.parse(JSON.parse(body)).code).toBe('invalid_request')
  const { lines, text } = await readLog(server)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(text + warnings).not.toContain(MARKER)
})

test('a request to speak another protocol is answered as the request it is', async () => {
  const { origin } = await startTestServer()
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]

  const reply = await sendRaw(origin, rawRequest('GET /api/health HTTP/1.1', [HOST, ...upgrade]))

  expect(reply.status).toBe(200)
})

test('an expectation nobody knows is none', async () => {
  const { origin } = await startTestServer()

  const reply = await sendRaw(origin, rawRequest('GET /api/health HTTP/1.1', [HOST, `Expect: ${MARKER}`]))

  expect(reply.status).toBe(200)
  expect(reply.text).not.toContain(MARKER)
})
