import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startServer } from '../../server/index'
import { openLog } from '../../server/log'
import { readLog } from '../support/beside'
import { dashboardFolder } from '../support/dashboard-folder'
import { DIALECTS, startTestServer, testConfig } from '../support/start-test-server'
import { connect } from '../support/test-client'

const MARKER = 'Marker5ecret'
const ada = { email: `${MARKER}-mail@example.com`, password: `${MARKER} password`, name: `${MARKER} name` }

test('each request is a line of JSON with its id, method, route, status and duration', async () => {
  const server = await startTestServer({ config: { rendererFolder: dashboardFolder() } })
  const signedIn = await server.client.register(ada)
  const replies = [
    await signedIn.get('/api/auth/verify?token=x'),
    await server.client.get('/api/auth/verify/'),
    await signedIn.get('/api/nope/secret-part'),
    await server.client.get('/profile/secret-part'),
    await server.client.request('PUT', '/api/auth/login'),
  ]

  const { lines, text } = await readLog(server)

  const requests = lines.filter(({ request_id }) => request_id !== undefined)
  for (const [index, [method, route, status]] of [
    ['GET', '/api/auth/verify', 200],
    ['GET', '/api/auth/verify', 401],
    ['GET', 'none', 404],
    ['GET', 'page', 200],
    ['PUT', '/api/auth/login', 405],
  ].entries()) {
    const line = requests.find(({ request_id }) => request_id === replies[index]?.headers.get('x-request-id'))
    expect(line).toStrictEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      request_id: expect.any(String),
      method,
      route,
      status,
      duration_ms: expect.any(Number),
    })
  }
  expect(text).not.toMatch(/secret-part|token=x/)
})

describe.each(DIALECTS)('on %s', (dialect) => {
  test('neither the log nor its echo of statements holds what belongs to people', async () => {
    const server = await startTestServer({ dialect })
    await server.close()
    const echoing = await server.startSibling({ database: { ...server.config.database, echo: true } })
    const { client } = echoing
    const signedIn = await client.register(ada)
    const login = await client.post('/api/auth/login', ada)
    await client.post('/api/auth/login', { ...ada, password: `${MARKER} wrong` })
    await client.post('/api/auth/register', ada)
    await signedIn.post('/api/auth/change-password', {
      current_password: ada.password,
      new_password: `${MARKER} new one`,
    })
    await signedIn.get(`/api/auth/verify?access_token=${signedIn.token}`)
    await signedIn.post('/api/auth/logout')

    const { text, lines } = await readLog(echoing)

    expect(
      lines
        .filter(({ msg }) => msg === 'statement')
        .map(({ sql }) => sql)
        .join(),
    ).toMatch(/INSERT INTO .?users/)
    expect(text).not.toMatch(new RegExp(MARKER, 'i'))
    expect(text).not.toMatch(/\$2b\$|hmac-sha256\$|eyJ/)
    for (const secret of [
      signedIn.token,
      login.body.access_token,
      Buffer.from(server.signingKey).toString('hex'),
      Buffer.from(server.signingKey).toString('base64url'),
      Buffer.from(server.signingKey).toString('base64'),
      server.secrets.databasePassword ?? signedIn.token,
    ])
      expect(text).not.toContain(secret)
  })
})

test('fields that hold secrets are blacked out, whoever logs them', async () => {
  const { config, folder } = await testConfig()
  const { log, close } = openLog(config)

  log.info({ password: MARKER, body: { current_password: MARKER, new_password: MARKER, access_token: MARKER } })
  log.info({ headers: { authorization: `Bearer ${MARKER}`, cookie: MARKER } })
  log.info({ secrets: { signingKeys: MARKER, dataKey: MARKER, databasePassword: MARKER } })
  log.error({ err: Object.assign(new Error('it failed'), { sql: MARKER, parameters: [MARKER], body: MARKER }) })
  await close()

  const { text, lines } = await readLog({ folder, close: async () => undefined })
  expect(text).not.toContain(MARKER)
  expect(lines[0]).toMatchObject({ password: '[secret]', body: { access_token: '[secret]' } })
  expect(lines[3]).toMatchObject({ err: { name: 'Error', message: 'it failed' } })
})

test('the log is for its owner alone, and says nothing below the level that was set', async () => {
  const server = await startTestServer()
  const quiet = await startTestServer({ config: { log: { level: 'warn', folder: join(server.folder, 'quiet') } } })
  await server.client.get('/api/health')
  await quiet.client.get('/api/health')
  const usual = await startTestServer({ config: { log: { level: 'info', folder: join(server.folder, 'usual') } } })
  await usual.client.get('/api/health')
  await usual.client.get('/api/auth/settings')
  await Promise.all([server, quiet, usual].map(({ close }) => close()))

  expect(statSync(join(server.folder, 'logs')).mode & 0o777).toBe(0o700)
  expect(statSync(join(server.folder, 'logs', 'server.log')).mode & 0o777).toBe(0o600)
  expect(statSync(join(server.folder, 'quiet', 'server.log')).size).toBe(0)
  const routes = readFileSync(join(server.folder, 'usual', 'server.log'), 'utf8').match(/"route":"[^"]+"/g)
  expect(routes).toEqual(['"route":"/api/auth/settings"'])
})

test.each<[string, (folder: string) => void]>([
  ['a log folder that is a file', (folder) => writeFileSync(folder, '')],
  [
    'a log file that takes nothing',
    (folder) => {
      mkdirSync(folder)
      symlinkSync('/dev/full', join(folder, 'server.log'))
    },
  ],
])('%s is said once, and the server works without a log', async (_what, spoil) => {
  const { config, secrets, folder } = await testConfig()
  spoil(join(folder, 'logs'))
  const said: string[] = []
  const { mockRestore } = vi.spyOn(console, 'error').mockImplementation((sentence) => said.push(sentence))
  onTestFinished(mockRestore)

  const server = await startServer(config, secrets)
  const answer = () => connect(server.origin).get('/api/health')
  expect((await answer()).status).toBe(200)
  expect((await answer()).status).toBe(200)
  await server.close()

  expect(said).toEqual([expect.stringMatching(/^The log cannot be written to .*logs \(.+\): lines of it are lost\.$/)])
})

test('a client that goes away while it is answered is no error, and is found by the id of its request', async () => {
  const rendererFolder = dashboardFolder({ 'dashboard/assets/large.js': 'x'.repeat(32 * 1024 * 1024) })
  const server = await startTestServer({ config: { rendererFolder } })
  const leaving = new AbortController()

  const reply = await fetch(`${server.origin}/assets/large.js`, { signal: leaving.signal })
  leaving.abort()
  const gone = reply.text().catch(() => undefined)
  await Promise.all([gone, server.client.get('/api/health')])
  await expect
    .poll(() => readFileSync(join(server.folder, 'logs', 'server.log'), 'utf8'), { timeout: 9_000 })
    .toContain('reply failed')

  const { lines } = await readLog(server)
  const failed = lines.filter(({ msg }) => msg === 'reply failed')
  const request_id = reply.headers.get('x-request-id')
  for (const line of failed) expect(line).toMatchObject({ level: 'debug', request_id })
})
