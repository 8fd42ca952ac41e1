import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openBeside, readLog } from '../../support/beside'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

const MIB = 1024 * 1024
const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const valid = JSON.stringify(ada)
const JSON_TYPE = 'application/json'

const join = (...parts: (string | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))

test.each<[string, string, string | Uint8Array<ArrayBuffer>, number, string]>([
  ['broken JSON', JSON_TYPE, '{"email": ', 400, 'invalid_request'],
  ['a comma too many', JSON_TYPE, `${valid.slice(0, -1)},}`, 400, 'invalid_request'],
  ['two documents', JSON_TYPE, valid + valid, 400, 'invalid_request'],
  ['a form', JSON_TYPE, 'email=ada%40example.com&password=whatever', 400, 'invalid_request'],
  [
    'bytes that are not UTF-8',
    JSON_TYPE,
    join('{"email":"ada@example.com","password":"a long ', [0xff, 0xfe], ' password","name":"Ada"}'),
    400,
    'invalid_request',
  ],
  [
    'half a UTF-8 character',
    JSON_TYPE,
    join('{"email":"ada@example.com","password":"a long password","name":"Ad', [0xc3], '"}'),
    400,
    'invalid_request',
  ],
  [
    'a surrogate in UTF-8',
    JSON_TYPE,
    join('{"email":"ada@example.com","password":"a long password","name":"Ad', [0xed, 0xa0, 0x80], '"}'),
    400,
    'invalid_request',
  ],
  [
    'UTF-16',
    `${JSON_TYPE}; charset=utf-16`,
    new Uint8Array(Buffer.from(valid, 'utf16le')),
    415,
    'unsupported_media_type',
  ],
  ['Latin 1 by name', `${JSON_TYPE}; charset=iso-8859-1`, valid, 415, 'unsupported_media_type'],
  ['an empty content type', '', valid, 415, 'unsupported_media_type'],
  ['a form by name', 'application/x-www-form-urlencoded', 'email=ada%40example.com', 415, 'unsupported_media_type'],
  ['several parts', 'multipart/form-data; boundary=x', '--x--', 415, 'unsupported_media_type'],
  ['plain text', 'text/plain', valid, 415, 'unsupported_media_type'],
  ['XML', 'application/xml', '<email>ada</email>', 415, 'unsupported_media_type'],
  ['a content type that is none', 'json', valid, 415, 'unsupported_media_type'],
  ['a list', JSON_TYPE, '[]', 422, 'validation_failed'],
  ['a list of bodies', JSON_TYPE, `[${valid}]`, 422, 'validation_failed'],
  ['a text', JSON_TYPE, '"ada"', 422, 'validation_failed'],
  ['a number', JSON_TYPE, '1e999', 422, 'validation_failed'],
  ['null', JSON_TYPE, 'null', 422, 'validation_failed'],
  ['true', JSON_TYPE, 'true', 422, 'validation_failed'],
  ['500,000 lists in each other', JSON_TYPE, '['.repeat(500_000) + ']'.repeat(500_000), 422, 'validation_failed'],
  ['500,000 lists that do not end', JSON_TYPE, '['.repeat(500_000), 400, 'invalid_request'],
  [
    'fields of the prototype',
    JSON_TYPE,
    '{"__proto__":{"email":"a@example.com","password":"whatever it is","name":"Ada"}}',
    400,
    'invalid_request',
  ],
  [
    'fields of the constructor',
    JSON_TYPE,
    '{"constructor":{"prototype":{"email":"a@example.com"}}}',
    422,
    'validation_failed',
  ],
])('%s: no account comes of it', async (_what, type, raw, status, code) => {
  const server = await startTestServer()

  const reply = await server.client.post('/api/auth/register', undefined, {
    raw,
    headers: { 'content-type': type },
  })

  expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code })
  expect((await (await openBeside(server)).users.listAll()).total).toBe(0)
})

test.each<[string, string]>([
  ['with a charset', 'application/json; charset=utf-8'],
  ['with a charset in capitals and quotes', 'Application/JSON; Charset="UTF-8"'],
  ['with another parameter', 'application/json; profile=x'],
])('JSON %s is JSON', async (_what, type) => {
  const { client } = await startTestServer()

  expect(
    (await client.post('/api/auth/register', undefined, { raw: valid, headers: { 'content-type': type } })).status,
  ).toBe(200)
})

test('a replacement character that was really typed is a character like any other', async () => {
  const { client } = await startTestServer()
  await client.register({ ...ada, password: 'odd \ufffd password' })

  expect((await client.post('/api/auth/login', { email: ada.email, password: 'odd \ufffd password' })).status).toBe(200)
  expect((await client.post('/api/auth/login', { email: ada.email, password: 'odd \ufffe password' })).status).toBe(401)
})

test('a body of 1 MiB is read, one more byte is not, and the connection lives on', async () => {
  const server = await startTestServer()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const padded = (size: number) => valid.padEnd(size, ' ')
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(
        `${server.origin}/api/auth/register`,
        { method: 'POST', agent, headers: { 'content-type': JSON_TYPE, ...headers } },
        (reply) => reply.resume().on('end', () => resolve(reply.statusCode ?? 0)),
      ).on('error', reject)
      sent.end(body)
    })
  const chunked = { 'transfer-encoding': 'chunked' }

  expect(await post(padded(MIB + 1))).toBe(413)
  expect(await post(padded(MIB + 1), chunked)).toBe(413)
  expect(await post(padded(8 * MIB))).toBe(413)
  expect(await post(padded(8 * MIB), chunked)).toBe(413)
  expect((await (await openBeside(server)).users.listAll()).total).toBe(0)
  expect(await post(padded(MIB))).toBe(200)
  expect(await post(padded(MIB), chunked)).toBe(400)
  agent.destroy()
})

test('a body that only says it is too large is refused unread', async () => {
  const { origin } = await startTestServer()
  const { host } = new URL(origin)

  const reply = await sendRaw(
    origin,
    rawRequest('POST /api/auth/login HTTP/1.1', [
      `Host: ${host}`,
      `Content-Type: ${JSON_TYPE}`,
      'Content-Length: 9007199254740991',
    ]),
  )

  expect(reply.status).toBe(413)
  expect(JSON.parse(reply.body).code).toBe('body_too_large')
})

test.each<[string, string, (text: string) => Buffer]>([
  ['gzip', 'gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['brotli', 'br', brotliCompressSync],
  ['a gzip bomb', 'gzip', () => gzipSync(Buffer.alloc(200 * MIB, ' '))],
  ['gzip in name only', 'gzip', () => Buffer.from(valid)],
  ['noise named gzip', 'gzip', () => randomBytes(2000)],
  ['gzip twice', 'gzip, gzip', (text) => gzipSync(gzipSync(text))],
  ['a coding nobody knows', 'rot13', (text) => Buffer.from(text)],
])('a body in %s is not unpacked', async (_what, encoding, pack) => {
  const server = await startTestServer()

  const reply = await server.client.post('/api/auth/register', undefined, {
    raw: new Uint8Array(pack(valid)),
    headers: { 'content-type': JSON_TYPE, 'content-encoding': encoding },
  })

  expect(reply).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  expect((await (await openBeside(server)).users.listAll()).total).toBe(0)
})

test('a body without a content type is not guessed at', async () => {
  const { origin } = await startTestServer()
  const headers = [`Host: ${new URL(origin).host}`, `Content-Length: ${valid.length}`]

  const reply = await sendRaw(origin, rawRequest('POST /api/auth/register HTTP/1.1', headers, valid))

  expect(reply.status).toBe(415)
})

test('a body that breaks off leaves no account, and no error in the log', async () => {
  const server = await startTestServer()
  const { hostname, port, host } = new URL(server.origin)
  const headers = [`Host: ${host}`, `Content-Type: ${JSON_TYPE}`, `Content-Length: ${valid.length}`]
  const socket = connect(Number(port), hostname)

  socket.write(rawRequest('POST /api/auth/register HTTP/1.1', headers, valid.slice(0, 20)), () => socket.destroy())
  await once(socket, 'close')

  expect((await server.client.get('/api/health')).status).toBe(200)
  const beside = await openBeside(server)
  expect((await beside.users.listAll()).total).toBe(0)
  const { lines } = await readLog(server)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})
