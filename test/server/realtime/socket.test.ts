import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  REALTIME_BEARER_PROTOCOL,
  REALTIME_CLOSE,
  REALTIME_LIMITS,
  REALTIME_PROTOCOL,
} from '../../../contracts/realtime'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { openRealtime } from '../../support/realtime-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const HALF_HOUR_MS = 1_800_000

describe.each(DIALECTS)('sockets on %s', (dialect) => {
  it('opens by a first message, and closes when the token expires', async () => {
    const server = await startTestServer({ dialect, config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 5 } } })
    const person = await server.signUp()
    const client = openRealtime(server.origin)
    expect(await client.authenticate(person.token)).toMatchObject({ type: 'authenticated' })
    expect(await client.closed).toBe(REALTIME_CLOSE.tokenExpired)
    expect(client.received).toHaveLength(1)
  })

  it('opens by a subprotocol that is neither echoed nor logged', async () => {
    const server = await startTestServer({ dialect })
    const person = await server.signUp()
    const protocols = [REALTIME_PROTOCOL, REALTIME_BEARER_PROTOCOL + person.token]
    const client = openRealtime(server.origin, { protocols })
    expect(await client.next()).toMatchObject({ type: 'authenticated' })
    expect(client.socket.protocol).toBe(REALTIME_PROTOCOL)
    client.socket.close()
    await client.closed
    await server.close()
    const folder = server.config.log.folder ?? ''
    const log = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('')
    expect(log).toContain('"/ws"')
    expect(log).not.toContain(person.token.slice(-20))
  })

  it('closes at once when the session ends, here and on another node', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const person = await server.signUp()
    const other = await person.login(person.account)
    const bystander = await server.signUp('Bo Bystander')
    const [here, there, kept] = [
      openRealtime(server.origin),
      openRealtime(sibling.origin),
      openRealtime(sibling.origin),
    ]
    await here.authenticate(other.token)
    await there.authenticate(other.token)
    await kept.authenticate(bystander.token)
    const { body } = await person.get('/api/auth/sessions')
    const ended = body.sessions.find((session: { is_current: boolean }) => !session.is_current)
    await person.request('DELETE', `/api/auth/sessions/${ended.id}`)
    expect(await Promise.all([here.closed, there.closed])).toEqual([
      REALTIME_CLOSE.sessionEnded,
      REALTIME_CLOSE.sessionEnded,
    ])
    expect(kept.socket.readyState).toBe(kept.socket.OPEN)
    expect(await openAndClose(sibling.origin, other.token)).toBe(REALTIME_CLOSE.notAuthenticated)
  })

  it('takes so many connections of one account, and counts only those that are open', async () => {
    const server = await startTestServer({ dialect })
    const person = await server.signUp()
    const bystander = await server.signUp('Bo Bystander')
    const open = Array.from({ length: REALTIME_LIMITS.connectionsPerUser }, () => openRealtime(server.origin))
    for (const client of open) await client.authenticate(person.token)
    expect(await openAndClose(server.origin, person.token)).toBe(REALTIME_CLOSE.tooManyConnections)
    await openRealtime(server.origin).authenticate(bystander.token)
    open[0]?.socket.close()
    await open[0]?.closed
    expect(await openRealtime(server.origin).authenticate(person.token)).toMatchObject({ type: 'authenticated' })
  })
})

describe('the handshake', () => {
  it.each([
    ['a token in the address', { path: '/ws?access_token=TOKEN' }, 400],
    ['a parameter in the address', { path: '/ws?x=1' }, 400],
    ['a page of another origin', { headers: { Origin: 'https://evil.example' } }, 403],
    ['a page without an origin', { headers: { Origin: 'null' } }, 403],
    ['a foreign host name', { headers: { Host: 'evil.example' } }, 421],
    ['a token that is no token', { protocols: [REALTIME_PROTOCOL, `${REALTIME_BEARER_PROTOCOL}nonsense`] }, 401],
    ['another path', { path: '/ws/other' }, 401],
    ['a path of the API', { path: '/api/health' }, 200],
  ])('is refused for %s', async (_what, options, status) => {
    const server = await startTestServer()
    const { token } = await server.signUp()
    const path = 'path' in options ? options.path.replace('TOKEN', token) : undefined
    const client = openRealtime(server.origin, { ...options, ...(path ? { path } : {}) })
    expect(await client.status).toBe(status)
    expect(await client.refusal).not.toContain(token)
  })

  it('is allowed to pages of this origin and of those that are allowed', async () => {
    const server = await startTestServer({ config: { allowedOrigins: ['https://lab.example'] } })
    for (const Origin of [server.origin, 'https://lab.example'])
      expect(await openRealtime(server.origin, { headers: { Origin } }).status).toBe(101)
  })

  it('is asked for where a plain request comes', async () => {
    const server = await startTestServer()
    const reply = await fetch(`${server.origin}/ws`)
    expect(reply.status).toBe(426)
    expect(reply.headers.get('upgrade')).toBe('websocket')
  })

  it('leaves requests alone that offer another protocol, with their bodies', async () => {
    const server = await startTestServer()
    const person = await server.signUp()
    const body = JSON.stringify({ email: person.account.email, password: person.account.password })
    const headers = [
      'Host: 127.0.0.1',
      'Upgrade: h2c',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ]
    const offer = rawRequest('POST /api/auth/login HTTP/1.1', headers, body).replace('close', 'close, Upgrade')
    const reply = await sendRaw(server.origin, offer)
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.body)).toHaveProperty('access_token')
    // Handed back to the server a second time, the connection would be listened to twice.
    expect(reply.headers.get('connection')).toBe('close')
  })

  it('survives a handshake that does not wait for the answer before it', async () => {
    const server = await startTestServer()
    const ahead = 'GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
    const headers = ['Host: 127.0.0.1', 'Upgrade: websocket', ...key]
    const handshake = rawRequest('GET /ws HTTP/1.1', headers).replace('close', 'Upgrade')
    await sendRaw(server.origin, ahead + handshake)
    expect(await openRealtime(server.origin).status).toBe(101)
  })

  it('waits for a token for five seconds, by so many at a time, of whom the first makes room for the next', async () => {
    const server = await startTestServer()
    const person = await server.signUp()
    const idle = Array.from({ length: REALTIME_LIMITS.connectionsWithoutCredential }, () => openRealtime(server.origin))
    for (const client of idle) expect(await client.status).toBe(101)
    const next = openRealtime(server.origin)
    await next.authenticate(person.token)
    expect(await idle[0]?.closed).toBe(REALTIME_CLOSE.authenticationTimeout)
    expect(idle.slice(1).filter(({ socket }) => socket.readyState !== socket.OPEN)).toEqual([])
    const protocols = [REALTIME_PROTOCOL, REALTIME_BEARER_PROTOCOL + person.token]
    expect(await openRealtime(server.origin, { protocols }).status).toBe(101)
    for (const client of idle) expect(await client.closed).toBe(REALTIME_CLOSE.authenticationTimeout)
    expect(await openRealtime(server.origin).status).toBe(101)
  })
})

describe('an open socket', () => {
  it('takes the next token in place of the first', async () => {
    let time = Date.now()
    const server = await startTestServer({ now: () => time })
    const person = await server.signUp()
    const client = openRealtime(server.origin)
    const first = await client.authenticate(person.token)
    time += 60_000
    const later = await person.login(person.account)
    const second = await client.authenticate(later.token)
    expect(Date.parse(second.expires_at ?? '')).toBeGreaterThan(Date.parse(first.expires_at ?? ''))
    time = Date.parse(first.expires_at ?? '') + 1_000
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    time += HALF_HOUR_MS
    expect(await client.closed).toBe(REALTIME_CLOSE.tokenExpired)
  })

  it.each([
    ['no JSON', 'authenticate me', REALTIME_CLOSE.invalidMessage],
    ['another message', '{"type":"dance"}', REALTIME_CLOSE.invalidMessage],
    ['a field too many', '{"type":"authenticate","token":"a","more":1}', REALTIME_CLOSE.invalidMessage],
    ['bytes', Buffer.from('{"type":"authenticate","token":"a"}'), REALTIME_CLOSE.invalidMessage],
    ['a token that does not count', '{"type":"authenticate","token":"a"}', REALTIME_CLOSE.notAuthenticated],
    ['16 KiB and a byte', 'x'.repeat(REALTIME_LIMITS.messageBytes + 1), REALTIME_CLOSE.tooLarge],
  ])('closes after %s', async (_what, message, code) => {
    const server = await startTestServer()
    const client = openRealtime(server.origin)
    await client.status
    client.socket.send(message)
    expect(await client.closed).toBe(code)
    expect(client.received).toEqual([])
  })

  it.each(['message', 'ping', 'pong'] as const)('closes after a flood of each kind of frame: %s', async (kind) => {
    const server = await startTestServer()
    const { token } = await server.signUp()
    const client = openRealtime(server.origin)
    await client.authenticate(token)
    for (let sent = 0; sent < 10 * REALTIME_LIMITS.messagesInBurst; sent += 1) {
      if (kind === 'message') client.send({ type: 'authenticate', token })
      else client.socket[kind]()
    }
    expect(await client.closed).toBe(REALTIME_CLOSE.tooManyMessages)
  })

  it('does not change hands', async () => {
    const server = await startTestServer()
    const [person, other] = [await server.signUp(), await server.signUp('Olga Other')]
    const client = openRealtime(server.origin)
    await client.authenticate(person.token)
    client.send({ type: 'authenticate', token: other.token })
    expect(await client.closed).toBe(REALTIME_CLOSE.otherAccount)
  })

  it('ends with the server, which does not wait for it', async () => {
    const server = await startTestServer()
    const { token } = await server.signUp()
    const client = openRealtime(server.origin)
    await client.authenticate(token)
    const silent = openRealtime(server.origin)
    await silent.status
    silent.socket.pause()
    await server.close()
    expect(await client.closed).toBe(REALTIME_CLOSE.goingAway)
  })
})

async function openAndClose(origin: string, token: string): Promise<number> {
  const client = openRealtime(origin)
  await client.status
  client.send({ type: 'authenticate', token })
  return client.closed
}
