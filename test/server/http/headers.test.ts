import { expect, test } from 'vitest'
import { dashboardFolder } from '../../support/dashboard-folder'
import { rawRequest, sendRaw } from '../../support/raw-http'
import { startTestServer } from '../../support/start-test-server'

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

test('every reply carries the security headers, and none names the software', async () => {
  const { client, signUp } = await startTestServer({ config: { rendererFolder: dashboardFolder() } })
  const ada = await signUp()
  const replies = {
    success: await ada.get('/api/auth/verify'),
    refusal: await client.get('/api/auth/verify'),
    invalid: await client.post('/api/auth/login', {}),
    'foreign page': await client.get('/api/health', { headers: { origin: 'https://evil.example' } }),
    document: await client.get('/api/openapi.json'),
    'page for people': await client.get('/api/docs'),
    dashboard: await client.get('/'),
    asset: await client.get('/assets/app-1a2b3c.js'),
    'missing file': await client.get('/assets/none.js'),
  }

  for (const [what, { headers }] of Object.entries(replies)) {
    for (const [name, value] of Object.entries(ALWAYS))
      expect({ what, name, value: headers.get(name) }).toEqual({ what, name, value })
    expect(headers.get('content-security-policy'), what).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers.get('x-request-id'), what).toMatch(/^[0-9a-f-]{36}$/)
    for (const name of ['server', 'x-powered-by', 'set-cookie', 'access-control-allow-origin'])
      expect(headers.get(name), `${what}: ${name}`).toBeNull()
  }
})

test('no reply of the API may be kept by a cache, and each has an id of its own', async () => {
  const { signUp } = await startTestServer()
  const ada = await signUp()

  const replies = [await ada.get('/api/auth/verify'), await ada.get('/api/health'), await ada.get('/api/nope')]

  for (const { headers } of replies) expect(headers.get('cache-control')).toBe('no-store')
  expect(new Set(replies.map(({ headers }) => headers.get('x-request-id'))).size).toBe(3)
})

test('the id of a request is made here, not taken from the client', async () => {
  const { client } = await startTestServer()

  const { headers } = await client.get('/api/health', { headers: { 'x-request-id': 'chosen-by-the-client' } })

  expect(headers.get('x-request-id')).not.toBe('chosen-by-the-client')
})

test.each(['/', '/api/health', '/api/auth/verify', '*'])(
  'TRACE of %s says nothing of the request back',
  async (target) => {
    const { origin } = await startTestServer({ config: { rendererFolder: dashboardFolder() } })
    const { host } = new URL(origin)

    const { status, text } = await sendRaw(
      origin,
      rawRequest(`TRACE ${target} HTTP/1.1`, [`Host: ${host}`, 'Authorization: Bearer said-back', 'X-Said: back']),
    )

    expect(status).toBeOneOf([400, 401, 404, 405])
    expect(text).not.toMatch(/said-back|x-said/i)
  },
)
