import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }

describe.each(DIALECTS)('on %s', (dialect) => {
  test('signing in answers a token and the user, and nothing else', async () => {
    const { client } = await startTestServer({ dialect })
    const registered = await client.post('/api/auth/register', ada)

    const { status, body } = await client.post('/api/auth/login', { email: ada.email, password: ada.password })

    expect(status).toBe(200)
    expect(body).toStrictEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 1800,
      user: registered.body.user,
    })
    expect(body.access_token).not.toBe(registered.body.access_token)
    expect((await client.withToken(body.access_token).get('/api/auth/verify')).body).toStrictEqual({ user: body.user })
  })

  test('an unknown user and a wrong password are told in the same words, and open no session', async () => {
    const server = await startTestServer({ dialect })
    await server.client.register(ada)

    const unknown = await server.client.post('/api/auth/login', { email: 'bob@example.com', password: ada.password })
    const wrong = await server.client.post('/api/auth/login', { email: ada.email, password: 'a wrong password' })

    expect(unknown.status).toBe(401)
    expect(unknown.body).toStrictEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The e-mail address or the password is not right.',
      code: 'invalid_credentials',
    })
    const { status, body } = wrong
    expect({ status, body }).toEqual({ status: unknown.status, body: unknown.body })
    const withoutIds = (headers: Headers) =>
      [...headers].filter(([name]) => !['date', 'x-request-id', 'connection', 'keep-alive'].includes(name))
    expect(withoutIds(wrong.headers)).toEqual(withoutIds(unknown.headers))
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="Aurelius"')
    expect(await (await openBeside(server)).read('SELECT id FROM sessions')).toHaveLength(1)
  })

  test.each(['ada@example.com', 'ADA@EXAMPLE.COM', '  Ada@example.com '])(
    'the address may be typed as "%s"',
    async (email) => {
      const { client } = await startTestServer({ dialect })
      await client.register(ada)

      expect((await client.post('/api/auth/login', { email, password: ada.password })).status).toBe(200)
    },
  )

  test('an inactive account is told so only after the right password', async () => {
    const server = await startTestServer({ dialect })
    const { client } = server
    const { body } = await client.post('/api/auth/register', ada)
    const beside = await openBeside(server)
    await beside.users.update(body.user.id, { isActive: false })

    const wrong = await client.post('/api/auth/login', { email: ada.email, password: 'a wrong password' })
    const right = await client.post('/api/auth/login', { email: ada.email, password: ada.password })

    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    expect(right).toMatchObject({ status: 403, body: { code: 'account_inactive' } })
    expect(right.body).not.toHaveProperty('user')
    expect(right.headers.get('www-authenticate')).toBeNull()
    expect(await beside.read('SELECT id FROM sessions WHERE revoked_at IS NULL')).toEqual([])
  })
})

test.each<[string, Record<string, unknown>, string[]]>([
  ['no field at all', {}, ['email', 'password']],
  ['an address without @', { email: 'ada', password: ada.password }, ['email']],
  ['an empty password', { email: ada.email, password: '' }, ['password']],
  ['a password of 1,025 characters', { email: ada.email, password: 'x'.repeat(1025) }, ['password']],
])('%s is not a wrong password but an invalid request', async (_what, body, fields) => {
  const { client } = await startTestServer()
  await client.register(ada)

  const reply = await client.post('/api/auth/login', body)

  expect(reply).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  expect(reply.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields)
})

test('a password too short for a new account is simply wrong, not invalid', async () => {
  const { client } = await startTestServer()
  await client.register(ada)

  expect((await client.post('/api/auth/login', { email: ada.email, password: 'short' })).status).toBe(401)
})

test('SQL in the fields is text', async () => {
  const server = await startTestServer()
  await server.client.register(ada)

  for (const password of ["' OR '1'='1", "'; DROP TABLE users; --", '$1 :email ?1'])
    expect((await server.client.post('/api/auth/login', { email: ada.email, password })).status).toBe(401)
  const odd = await server.client.register({ ...ada, email: "o'hara@example.com", name: "'); DROP TABLE users; --" })
  expect((await odd.get('/api/auth/verify')).body.user).toMatchObject({
    email: "o'hara@example.com",
    name: "'); DROP TABLE users; --",
  })
})
