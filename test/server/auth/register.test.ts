import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada Lovelace' }

describe.each(DIALECTS)('on %s', (dialect) => {
  test('registering answers a token and the user, and nothing else', async () => {
    const { client } = await startTestServer({ dialect })

    const { status, body, headers } = await client.post('/api/auth/register', ada)

    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('set-cookie')).toBeNull()
    expect(body).toStrictEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 1800,
      user: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        is_active: true,
        is_admin: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      },
    })
  })

  test('an account whose first session cannot be written is not made at all', async () => {
    const server = await startTestServer({ dialect })
    const beside = await openBeside(server)
    await beside.change('ALTER TABLE sessions DROP COLUMN address')

    expect((await server.client.post('/api/auth/register', ada)).status).toBe(500)

    expect(await beside.read('SELECT id FROM users')).toEqual([])
  })

  test('nobody makes themselves an administrator, chooses their id or sets another column', async () => {
    const server = await startTestServer({ dialect })
    const wanted = {
      id: '11111111-1111-4111-8111-111111111111',
      is_admin: true,
      isAdmin: true,
      is_active: false,
      created_at: '2000-01-01T00:00:00Z',
      hashed_password: 'mine',
      hashedPassword: 'mine',
    }

    const { status, body } = await server.client.post('/api/auth/register', { ...ada, ...wanted })

    expect(status).toBe(200)
    expect(body.user).toMatchObject({ is_admin: false, is_active: true })
    expect(body.user.id).not.toBe(wanted.id)
    expect(body.user.created_at).not.toMatch(/^2000/)
    const [row] = await (await openBeside(server)).read('SELECT * FROM users')
    expect(row?.hashed_password).toMatch(/^hmac-sha256\$2b\$/)
    expect(Boolean(row?.is_admin)).toBe(false)
  })

  test('an e-mail address is trimmed and kept in lower case, and taken in every spelling', async () => {
    const server = await startTestServer({ dialect })
    const { body } = await server.client.post('/api/auth/register', { ...ada, email: '  Ada@EXAMPLE.com\t' })
    expect(body.user.email).toBe('ada@example.com')

    for (const email of ['ada@example.com', 'ADA@example.COM', ' ada@example.com ']) {
      const taken = await server.client.post('/api/auth/register', { ...ada, email })
      expect(taken).toMatchObject({ status: 400, body: { code: 'email_taken' } })
      expect(Object.keys(taken.body).sort()).toEqual(['code', 'detail', 'status', 'title', 'type'])
    }
    expect((await (await openBeside(server)).users.listAll()).total).toBe(1)
  })

  test('of two registrations that race for an address one wins, whatever the case', async () => {
    const server = await startTestServer({ dialect })
    const attempts = ['ada@example.com', 'ADA@example.com', 'Ada@Example.com', 'ada@EXAMPLE.com']

    const replies = await Promise.all(
      attempts.map((email) => server.client.post('/api/auth/register', { ...ada, email })),
    )

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
    const losers = replies.filter(({ status }) => status === 400)
    expect(losers.map(({ body }) => body.code)).toEqual(['email_taken', 'email_taken', 'email_taken'])
    const beside = await openBeside(server)
    expect(await beside.read('SELECT email FROM users')).toEqual([{ email: 'ada@example.com' }])
    expect(await beside.read('SELECT id FROM sessions')).toHaveLength(1)
  })

  test('an address of 254 characters can be kept, and one that only grows beyond it in lower case is refused', async () => {
    const { client } = await startTestServer({ dialect })
    const domain = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.exam`
    // In lower case this letter is two characters.
    const growing = { ...ada, email: `ada@${`${'İ'.repeat(31)}.`.repeat(7)}exam` }

    expect((await client.post('/api/auth/register', { ...ada, email: `${'x'.repeat(64)}@${domain}xx` })).status).toBe(
      200,
    )
    expect(await client.post('/api/auth/register', growing)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'email' }] },
    })
  })
})

test.each<[string, Record<string, unknown>, string[]]>([
  ['no field at all', {}, ['email', 'password', 'name']],
  ['nulls', { email: null, password: null, name: null }, ['email', 'password', 'name']],
  ['numbers', { email: 1, password: 12345678, name: 2 }, ['email', 'password', 'name']],
  ['lists', { email: ['a@b.de'], password: ['12345678'], name: ['x'] }, ['email', 'password', 'name']],
  ['objects', { email: { $ne: '' }, password: { $ne: '' }, name: {} }, ['email', 'password', 'name']],
  ['an address without @', { ...ada, email: 'ada.example.com' }, ['email']],
  ['a full-width address', { ...ada, email: 'ａｄａ@example.com' }, ['email']],
  ['an address with a control character', { ...ada, email: 'ada\u0007@example.com' }, ['email']],
  ['a password of 7 characters', { ...ada, password: '1234567' }, ['password']],
  ['a password of 1,025 characters', { ...ada, password: 'x'.repeat(1025) }, ['password']],
  ['a password with NUL', { ...ada, password: 'before\0after' }, ['password']],
  ['a name of spaces', { ...ada, name: ' \t\u00a0 ' }, ['name']],
  ['a name of 256 characters', { ...ada, name: 'x'.repeat(256) }, ['name']],
  ['a name with a line feed', { ...ada, name: 'Ada\nLovelace' }, ['name']],
  ['half a character', { ...ada, name: 'Ada \ud800', password: 'password \udc00' }, ['password', 'name']],
])('%s is refused with the fields at fault, and no row is written', async (_what, body, fields) => {
  const server = await startTestServer()

  const reply = await server.client.post('/api/auth/register', body)

  expect(reply).toMatchObject({ status: 422, body: { code: 'validation_failed', title: 'Unprocessable Entity' } })
  expect(reply.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields)
  expect(reply.body.detail).toBe(reply.body.errors[0].message)
  for (const { message } of reply.body.errors) expect(message).toMatch(/^[A-Z][^\n]*\.$/)
  const beside = await openBeside(server)
  expect((await beside.users.listAll()).total).toBe(0)
  expect(await beside.read('SELECT id FROM sessions')).toEqual([])
})
