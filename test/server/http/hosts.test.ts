import { expect, test } from 'vitest'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

/** Asks with the header lines given; PORT stands for the server's own. */
function ask(origin: string, lines: string[], { target = '/api/health', version = '1.1' } = {}) {
  const filled = [`GET ${target} HTTP/${version}`, ...lines].map((line) =>
    line.replaceAll('PORT', new URL(origin).port),
  )
  const [line = '', ...headers] = filled
  return sendRaw(origin, rawRequest(line, headers))
}

test.each([
  ['its address and port', ['Host: 127.0.0.1:PORT']],
  ['its address', ['Host: 127.0.0.1']],
  ['localhost', ['Host: localhost:PORT']],
  ['localhost in capitals', ['Host: LOCALHOST:PORT']],
  ['another loopback address', ['Host: 127.1.2.3']],
  ['the IPv6 loopback', ['Host: [::1]:PORT']],
  ['a header in capitals', ['HOST: localhost']],
])('a request for %s is answered', async (_what, lines) => {
  const { origin } = await startTestServer()

  expect((await ask(origin, lines)).status).toBe(200)
})

test.each([
  ['another name', 'evil.example'],
  ['another name with the right port', 'evil.example:PORT'],
  ['nothing', ''],
  ['a port alone', ':PORT'],
  ['a name that starts like loopback', '127.0.0.1.evil.example'],
  ['a name that starts with localhost', 'localhost.evil.example'],
  ['a name that ends in localhost', 'evil.localhost'],
  ['localhost with a dot behind', 'localhost.'],
  ['a user before another name', '127.0.0.1@evil.example'],
  ['a user before the right name', 'evil.example@127.0.0.1'],
  ['a user that looks like name and port', 'localhost:PORT@evil.example'],
  ['a path behind the name', 'evil.example/127.0.0.1'],
  ['a path behind the right name', '127.0.0.1/evil'],
  ['a backslash', 'evil.example\\127.0.0.1'],
  ['a fragment', 'evil.example#127.0.0.1'],
  ['two names', '127.0.0.1, evil.example'],
  ['two names with a space', '127.0.0.1 evil.example'],
  ['a tab', '127.0.0.1\tevil.example'],
  ['an open bracket', '[::1'],
  ['an address of the network', '192.168.1.10'],
  ['the address that stands for all', '0.0.0.0'],
  ['the IPv6 address that stands for all', '[::]'],
  ['an IPv6 address that only looks near', '[::1:1]'],
  ['a mapped address', '[::ffff:10.0.0.1]'],
  ['loopback as one number', '2130706433'],
  ['loopback in hexadecimal', '0x7f.1'],
  ['loopback in two parts', '127.1'],
  ['a port that is none', '127.0.0.1:evil'],
  ['a port too many', '127.0.0.1:80:90'],
  ['1,000 characters', 'a'.repeat(1000)],
])('a request for %s is sent away, whatever it asks for', async (_what, host) => {
  const { origin } = await startTestServer()

  for (const target of ['/api/health', '/api/openapi.json', '/api/docs', '/api/auth/verify', '/']) {
    const { status, headers, body } = await ask(origin, [`Host: ${host}`], { target })

    expect({ target, status }).toEqual({ target, status: 421 })
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(body)).toStrictEqual({
      type: 'about:blank',
      title: 'Misdirected Request',
      status: 421,
      detail: 'This server does not answer under that host name: whoever runs it can add the name to ALLOWED_HOSTS.',
      code: 'host_not_allowed',
    })
  }
})

test.each([
  ['no Host in HTTP/1.1', [], '1.1'],
  ['no Host in HTTP/1.0', [], '1.0'],
  ['two Hosts, the right one first', ['Host: 127.0.0.1', 'Host: evil.example'], '1.1'],
  ['two Hosts, the right one last', ['Host: evil.example', 'Host: 127.0.0.1'], '1.1'],
  ['the same Host twice', ['Host: 127.0.0.1', 'host: 127.0.0.1'], '1.1'],
])('%s is a problem document too', async (_what, lines, version) => {
  const { origin } = await startTestServer()

  const { status, body } = await ask(origin, lines, { version })

  expect(status).toBe(421)
  expect(JSON.parse(body).code).toBe('host_not_allowed')
})

test.each([
  ['another server', 'http://evil.example/api/health', 421],
  ['another server by its user part', 'http://127.0.0.1@evil.example/api/health', 421],
  ['this server', 'http://127.0.0.1:PORT/api/health', 200],
])('a target in full that names %s counts more than the Host header', async (_what, target, status) => {
  const { origin } = await startTestServer()

  expect((await ask(origin, ['Host: 127.0.0.1:PORT'], { target })).status).toBe(status)
})

test('a link that is handed out leads where the target said, not where the Host header did', async () => {
  const server = await startTestServer()
  const admin = await server.setUp()
  const { id } = (await (await server.signUp()).get('/api/auth/verify')).body.user
  const target = `${server.origin}/api/admin/users/${id}/reset-link`
  const headers = ['Host: evil.example', `Authorization: Bearer ${admin.token}`, 'Content-Length: 0']

  const { status, body } = await sendRaw(server.origin, rawRequest(`POST ${target} HTTP/1.1`, headers))

  expect(status).toBe(201)
  expect(JSON.parse(body).url).toMatch(new RegExp(`^${server.origin}/reset-password#`))
})

test('names that were allowed are answered, those near them are not', async () => {
  const { origin } = await startTestServer({ config: { allowedHosts: ['desk.example', '10.1.2.3'] } })

  for (const host of ['desk.example', 'DESK.example:8000', '10.1.2.3', 'localhost'])
    expect({ host, status: (await ask(origin, [`Host: ${host}`])).status }).toEqual({ host, status: 200 })
  for (const host of ['sub.desk.example', 'desk.example.', 'desk.example.evil', '10.1.2.30', 'xdesk.example'])
    expect({ host, status: (await ask(origin, [`Host: ${host}`])).status }).toEqual({ host, status: 421 })
})
