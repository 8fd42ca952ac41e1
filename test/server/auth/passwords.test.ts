import bcrypt from 'bcrypt'
import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'

const account = (password: string) => ({ email: 'ada@example.com', password, name: 'Ada' })

test.each([
  ['8 characters', '8 chars!'],
  ['1,024 characters', 'x'.repeat(1024)],
  ['spaces at both ends', '  spaces at both ends  '],
  ['only spaces', ' '.repeat(24)],
  ['Greek, Chinese and Arabic', 'κωδικός密码كلمة'],
  ['emoji of several code points', '👩‍💻👨‍👩‍👧‍👦🏴‍☠️'],
  ['a line feed and a tab', 'one\ntwo\tthree'],
  ['bytes beyond ASCII at bcrypt’s limit', 'é'.repeat(40)],
])('a password of %s signs in as typed, and with one more character does not', async (_what, password) => {
  const { client } = await startTestServer()
  await client.register(account(password))

  expect((await client.post('/api/auth/login', account(password))).status).toBe(200)
  const other = password.length === 1024 ? password.slice(1) : `${password}x`
  expect((await client.post('/api/auth/login', account(other))).status).toBe(401)
  expect((await client.post('/api/auth/login', account(password.trim() || 'x'))).status).toBe(
    password.trim() === password ? 200 : 401,
  )
})

test('passwords that agree in the first 72 bytes are different passwords', async () => {
  const { client } = await startTestServer()
  const first72 = 'y'.repeat(72)
  await client.register(account(`${first72} and this end`))

  expect((await client.post('/api/auth/login', account(`${first72} and that end`))).status).toBe(401)
  expect((await client.post('/api/auth/login', account(first72))).status).toBe(401)
  expect((await client.post('/api/auth/login', account(`${first72} and this end`))).status).toBe(200)
})

test.each([
  ['composed and decomposed letters', 'caf\u00e9 au lait', 'cafe\u0301 au lait'],
  ['full-width and plain digits', 'number １２３４', 'number 1234'],
  ['a ligature and its letters', 'eﬃcient way', 'efficient way'],
])('%s are one password, whichever keyboard typed it', async (_what, registered, typed) => {
  const { client } = await startTestServer()
  await client.register(account(registered))

  expect((await client.post('/api/auth/login', account(typed))).status).toBe(200)
})

test('a NUL in a password never stands for its end', async () => {
  const { client } = await startTestServer()
  await client.register(account('before the end'))

  expect((await client.post('/api/auth/login', account('before the end\0and after'))).status).toBe(401)
})

describe.each(DIALECTS)('hashes of the Python system on %s', (dialect) => {
  test.each(['$2b$', '$2a$', '$2y$'])('a bare %s hash lets its owner in and is replaced', async (prefix) => {
    const server = await startTestServer({ dialect })
    const { beside, stored, store } = await withAccount(server)
    await store(bcrypt.hashSync('their old password', 4).replace('$2b$', prefix))

    const wrong = await server.client.post('/api/auth/login', account('not their password'))
    expect(wrong.status).toBe(401)
    expect((await stored()).startsWith(`${prefix}04$`)).toBe(true)

    const right = await server.client.post('/api/auth/login', account('their old password'))
    expect(right.status).toBe(200)
    expect(await stored()).toMatch(/^hmac-sha256\$2b\$04\$/)
    expect((await server.client.withToken(right.body.access_token).get('/api/auth/verify')).status).toBe(200)
    expect((await server.client.post('/api/auth/login', account('their old password'))).status).toBe(200)
    expect((await beside.read('SELECT id FROM users')).length).toBe(1)
  })

  test('an old password of more than 72 bytes signs in and counts in full from then on', async () => {
    const server = await startTestServer({ dialect })
    const { store } = await withAccount(server)
    const long = `${'z'.repeat(72)} the rest that bcrypt never read`
    await store(bcrypt.hashSync(long, 4))

    expect((await server.client.post('/api/auth/login', account(long))).status).toBe(200)
    expect((await server.client.post('/api/auth/login', account('z'.repeat(72)))).status).toBe(401)
    expect((await server.client.post('/api/auth/login', account(long))).status).toBe(200)
  })

  test.each(['', 'not a hash', '$2b$12$tooshort', 'hmac-sha256', '$argon2id$v=19$m=65536$c2FsdA$aGFzaA', '!'])(
    'a stored hash that reads "%s" matches nothing and breaks nothing',
    async (hash) => {
      const server = await startTestServer({ dialect })
      const { store } = await withAccount(server)
      await store(hash)

      const reply = await server.client.post('/api/auth/login', account('a long enough password'))

      expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    },
  )
})

test('a hash is made anew when the cost has grown, and left alone when it has not', async () => {
  const server = await startTestServer()
  const { stored } = await withAccount(server)
  const before = await stored()
  const stronger = await server.startSibling({ bcryptRounds: 6 })

  await server.client.login(account('a long enough password'))
  expect(await stored()).toBe(before)

  await stronger.client.login(account('a long enough password'))
  const renewed = await stored()
  expect(renewed).toMatch(/^hmac-sha256\$2b\$06\$/)

  await server.client.login(account('a long enough password'))
  expect(await stored()).toBe(renewed)
})

/** An account, and the way to see and change its stored hash. */
async function withAccount(server: TestServer) {
  await server.client.register(account('a long enough password'))
  const beside = await openBeside(server)
  return {
    beside,
    stored: async () => String((await beside.read('SELECT hashed_password FROM users'))[0]?.hashed_password),
    store: (hash: string) => beside.change('UPDATE users SET hashed_password = :hash', { hash }),
  }
}
