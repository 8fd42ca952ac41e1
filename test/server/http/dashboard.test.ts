import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dashboardFolder, SECRET_BESIDE } from '../../support/dashboard-folder'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

const startWithDashboard = (rendererFolder = dashboardFolder()) => startTestServer({ config: { rendererFolder } })

test('the page has a nonce of its own each time, the one its policy names', async () => {
  const { client } = await startWithDashboard()
  const nonces = new Set<string>()

  for (let round = 0; round < 5; round += 1) {
    const { status, body, headers } = await client.get('/')
    const inPolicy =
      /style-src 'self' 'nonce-([A-Za-z0-9+/=]{24})'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? ''
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toContain(`<meta name="csp-nonce" content="${inPolicy}"><style nonce="${inPolicy}">`)
    expect(body).not.toContain('__CSP_NONCE__')
    nonces.add(inPolicy)
  }
  expect(nonces.size).toBe(5)
})

test('the policy of a page lets nothing in from elsewhere and runs no inline script', async () => {
  const { client } = await startWithDashboard()

  const policy = (await client.get('/')).headers.get('content-security-policy') ?? ''

  const rules = policy.split('; ').map((rule) => rule.replace(/'nonce-[^']+'/, "'nonce'"))
  expect(rules).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'nonce'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
})

test.each([
  '/',
  '/index.html',
  '/sign-in',
  '/profile',
  '/research/some/deep/link',
  '/apiary',
  '/sign-in?next=%2Fprofile',
])('%s serves the page', async (path) => {
  const { client } = await startWithDashboard()

  const { status, body } = await client.get(path)

  expect(status).toBe(200)
  expect(body).toContain('<title>Aurelius</title>')
})

test.each([
  ['/assets/app-1a2b3c.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/assets/inter-4d5e6f.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
  ['/favicon.svg', 'image/svg+xml', 'no-cache'],
])('%s is served as %s, kept %s, and not sent twice', async (path, type, cache) => {
  const { client } = await startWithDashboard()

  const first = await client.get(path)
  expect(first.status).toBe(200)
  expect(first.headers.get('content-type')).toBe(type)
  expect(first.headers.get('cache-control')).toBe(cache)
  expect(Number(first.headers.get('content-length'))).toBe(first.body.length)

  const etag = first.headers.get('etag') ?? ''
  // fetch would ask for a fresh copy whenever it is given a condition.
  const ask = (tag: string) =>
    sendRaw(client.origin, rawRequest(`GET ${path} HTTP/1.1`, ['Host: localhost', `If-None-Match: ${tag}`]))
  expect(await ask(etag)).toMatchObject({ status: 304, body: '' })
  expect((await ask('"other"')).status).toBe(200)
  const head = await client.request('HEAD', path)
  expect({ status: head.status, body: head.body, etag: head.headers.get('etag') }).toEqual({
    status: 200,
    body: '',
    etag,
  })
})

test.each(['/assets/none.js', '/favicon.ico', '/assets/app-1a2b3c.js.map', '/robots.txt', '/assets/app-1a2b3c.JS'])(
  '%s is not there',
  async (path) => {
    const { client } = await startWithDashboard()

    const { status, body, headers } = await client.get(path)

    expect({ status, code: body.code ?? JSON.parse(body).code }).toEqual({ status: 404, code: 'not_found' })
    expect(headers.get('cache-control')).toBe('no-store')
  },
)

test.each([
  '/.env',
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/../../../../../../etc/passwd',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '\\..\\secret.txt',
  '/%252e%252e/secret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/....//secret.txt',
  '//secret.txt',
  '///etc/passwd',
  '/assets/%00../../secret.txt',
  '/secret.txt%00.js',
  '/./../secret.txt',
  '/assets//..//..//secret.txt',
  '/file:///etc/passwd',
  'file:///etc/passwd',
  '/assets',
  '/assets/',
  '/__proto__',
  '/constructor',
  '/%',
])('the path %s leads to nothing outside of the dashboard', async (target) => {
  const { origin } = await startWithDashboard()

  const { status, text } = await sendRaw(
    origin,
    rawRequest(`GET ${target} HTTP/1.1`, [`Host: ${new URL(origin).host}`]),
  )

  expect(status).toBeOneOf([200, 400, 404, 421])
  expect(text).not.toContain(SECRET_BESIDE)
  expect(text).not.toContain('root:')
  if (status === 200) expect(text).toContain('<title>Aurelius</title>')
})

test('a link that leads out of the dashboard is not followed', async () => {
  const folder = dashboardFolder()
  symlinkSync(join(folder, '..', 'secret.txt'), join(folder, 'linked.txt'))
  const { client } = await startWithDashboard(folder)

  const { status, body } = await client.get('/linked.txt')

  expect(status).toBe(404)
  expect(JSON.stringify(body)).not.toContain(SECRET_BESIDE)
})

test('a file that a new build took away is not there, and no error of the server', async () => {
  const folder = dashboardFolder()
  const { client } = await startWithDashboard(folder)
  rmSync(join(folder, 'assets', 'app-1a2b3c.js'))

  expect((await client.get('/assets/app-1a2b3c.js')).status).toBe(404)
})

test('the dashboard is only read', async () => {
  const { client } = await startWithDashboard()

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    for (const path of ['/', '/sign-in', '/assets/app-1a2b3c.js', '/none.js']) {
      const { status, body, headers } = await client.request(method, path)
      expect({ method, path, status, code: body.code }).toEqual({
        method,
        path,
        status: 405,
        code: 'method_not_allowed',
      })
      expect(headers.get('allow')).toBe('GET, HEAD')
    }
  }
})

test('a token opens nothing on the dashboard, and the dashboard hides no part of the API', async () => {
  const { client, signUp } = await startWithDashboard()
  const ada = await signUp()

  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  expect((await client.get('/api/nope')).status).toBe(401)
  expect((await ada.get('/API/nope')).status).toBe(404)
  expect((await ada.get('/secret.txt')).status).toBe(404)
})

test('without a dashboard there is only the API', async () => {
  const { client } = await startTestServer()

  for (const path of ['/', '/index.html', '/assets/app-1a2b3c.js'])
    expect(await client.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
})
