import { expect, test } from 'vitest'
import { startTestServer } from '../../support/start-test-server'

const KEYS = ['code', 'detail', 'status', 'title', 'type']

test('under /api an unknown path is 401 to strangers and 404 to those who are signed in', async () => {
  const { client, signUp } = await startTestServer()
  const ada = await signUp()

  for (const path of [
    '/api',
    '/api/',
    '/api/nope',
    '/api/auth',
    '/api/auth/nope',
    '/api/auth/verify/more',
    '/API/nope',
    '/api//auth/verify',
    '/api/%zz',
    '/api/auth/%00verify',
  ]) {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const strange = await client.request(method, path)
      expect({ path, method, status: strange.status, code: strange.body.code }).toEqual({
        path,
        method,
        status: 401,
        code: 'not_authenticated',
      })
      expect(strange.headers.get('www-authenticate')).toBe('Bearer realm="Aurelius"')
      const known = await ada.request(method, path)
      expect({ path, method, status: known.status, code: known.body.code }).toEqual({
        path,
        method,
        status: 404,
        code: 'not_found',
      })
      expect(known.headers.get('www-authenticate')).toBeNull()
    }
  }
})

test('a stranger learns nothing of an unknown path from the body they send', async () => {
  const { client } = await startTestServer()

  for (const raw of ['{"broken', 'x'.repeat(2 * 1024 * 1024)]) {
    const reply = await client.post('/api/nope', undefined, { raw, headers: { 'content-type': 'application/json' } })
    expect(reply).toMatchObject({ status: 401, body: { code: 'not_authenticated' } })
  }
})

test('who has no token is told so before their body is looked at', async () => {
  const { client } = await startTestServer()

  for (const raw of ['{"broken', '[]', 'x'.repeat(2 * 1024 * 1024)]) {
    const reply = await client.post('/api/auth/change-password', undefined, {
      raw,
      headers: { 'content-type': 'application/json' },
    })
    expect(reply.status).toBe(401)
  }
})

test.each([
  ['/api/auth/register', 'POST'],
  ['/api/auth/login', 'POST'],
  ['/api/auth/verify', 'GET, HEAD'],
  ['/api/auth/logout', 'POST'],
  ['/api/auth/change-password', 'POST'],
  ['/api/health', 'GET, HEAD'],
  ['/api/openapi.json', 'GET, HEAD'],
])('%s answers %s, says so to OPTIONS, and 405 to the rest', async (path, methods) => {
  const { client } = await startTestServer()
  const allowed = [...methods.split(', '), 'OPTIONS'].sort()
  const sorted = (headers: Headers) => headers.get('allow')?.split(', ').sort()

  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((name) => !allowed.includes(name))) {
    const { status, body, headers } = await client.request(method, path)
    expect({ method, status }).toEqual({ method, status: 405 })
    expect(sorted(headers)).toEqual(allowed)
    if (method !== 'HEAD') expect(body.code).toBe('method_not_allowed')
  }
  const options = await client.request('OPTIONS', path)
  expect(options).toMatchObject({ status: 204, body: '' })
  expect(sorted(options.headers)).toEqual(allowed)
})

test('a failure has the five members and no others', async () => {
  const { client, signUp } = await startTestServer()
  const ada = await signUp()

  for (const reply of [
    await client.get('/api/auth/verify'),
    await ada.get('/api/nope'),
    await client.get('/api/auth/login'),
    await client.post('/api/auth/login', { email: 'ada@example.com', password: 'whatever it is' }),
  ]) {
    expect(Object.keys(reply.body).sort()).toEqual(KEYS)
    expect(reply.body.type).toBe('about:blank')
    expect(reply.body.detail).toMatch(/^[A-Z][^\n]*\.$/)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.headers.get('cache-control')).toBe('no-store')
  }
  const invalid = await client.post('/api/auth/login', {})
  expect(Object.keys(invalid.body).sort()).toEqual([...KEYS, 'errors'].sort())
  for (const error of invalid.body.errors) expect(Object.keys(error).sort()).toEqual(['code', 'field', 'message'])
})

test('HEAD answers what GET does, without the body', async () => {
  const { signUp } = await startTestServer()
  const ada = await signUp()

  for (const path of ['/api/health', '/api/auth/verify', '/api/openapi.json', '/api/nope']) {
    const [get, head] = [await ada.get(path), await ada.request('HEAD', path)]
    expect({ path, status: head.status, body: head.body }).toEqual({ path, status: get.status, body: '' })
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
  }
})

test('a trailing slash makes no difference', async () => {
  const { client } = await startTestServer()
  const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }

  const { status, body } = await client.post('/api/auth/register/', ada)
  expect(status).toBe(200)
  expect((await client.withToken(body.access_token).get('/api/auth/verify/')).status).toBe(200)
  expect((await client.get('/api/health/')).status).toBe(200)
})
