import { expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { openTestDatabase } from '../../support/open-test-database'
import { makePythonDatabase, OLD_PASSWORD, pythonScript } from '../../support/python-database'
import { openSqliteFile } from '../../support/sqlite-file'
import { DIALECTS, type Dialect, startTestServer, testConfig } from '../../support/start-test-server'

const BOB = { email: 'bob@example.com', password: OLD_PASSWORD }

async function adopted(change: string, dialect: Dialect = 'sqlite') {
  const place = await testConfig({ dialect })
  const flavour = dialect === 'postgres' ? { instant: 'TIMESTAMP WITH TIME ZONE', hash: 'CHAR(60)' } : {}
  await makePythonDatabase(place.config.database, `${pythonScript(flavour)} ${change}`)
  return startTestServer({ dialect, ...place })
}

test.each([
  ['a hash kept as bytes', 'hashed_password = CAST(hashed_password AS BLOB)', 200],
  [
    'a hash kept as bytes and a flag kept as text',
    `hashed_password = CAST(hashed_password AS BLOB), is_active = 't'`,
    200,
  ],
  ['the flag "false"', `is_active = 'false'`, 403],
  ['the flag "true"', `is_active = 'TRUE'`, 200],
  ['the flag 2', 'is_active = 2', 403],
])('an adopted row with %s is put right, and its owner is answered', async (_what, columns, status) => {
  const { client } = await adopted(`UPDATE users SET ${columns} WHERE email = '${BOB.email}';`)

  expect((await client.post('/api/auth/login', BOB)).status).toBe(status)
})

test.each([
  ['an unsuitable flag "false"', `is_active = 'false'`, 403],
  ['an unsuitable flag 2', 'is_active = 2', 403],
  ['a hash turned into bytes', 'hashed_password = CAST(hashed_password AS BLOB)', 503],
])('%s that another program wrote while the server runs is answered', async (_what, columns, status) => {
  const server = await startTestServer()
  const ada = await server.signUp()
  const file = await openSqliteFile((server.config.database as { storage: string }).storage)
  await file.run(`UPDATE users SET ${columns}`)
  await file.close()

  expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(status)
})

test('a password change that meets a hash turned into bytes is given up, not tried for ever', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()
  const { sequelize } = await openTestDatabase(server)
  await sequelize.query('UPDATE users SET hashed_password = CAST(hashed_password AS BLOB)')

  const reply = await ada.post('/api/auth/change-password', {
    current_password: ada.account.password,
    new_password: 'another good password',
  })

  expect(reply).toMatchObject({ status: 503, body: { code: 'busy' } })
})

test('hashes in a column of exactly 60 characters are replaced by longer ones', async () => {
  const server = await adopted('', 'postgres')

  expect((await server.client.post('/api/auth/login', BOB)).status).toBe(200)

  const { read } = await openBeside(server)
  const [row] = await read('SELECT hashed_password FROM users WHERE email = :email', BOB)
  expect(row?.hashed_password).toMatch(/^hmac-sha256/)
})

test('a hash that cannot be replaced lets its owner in all the same', async () => {
  const server = await adopted('')
  const { change } = await openBeside(server)
  await change(`CREATE TRIGGER keep BEFORE UPDATE OF hashed_password ON users BEGIN SELECT RAISE(ABORT, 'kept'); END`)

  expect((await server.client.post('/api/auth/login', BOB)).status).toBe(200)
})

test.each<[string, Dialect, string]>([
  ['infinity', 'postgres', `'infinity'`],
  ['the year 20000', 'postgres', `'20000-01-01'`],
  ['no time at all', 'sqlite', `'yesterday'`],
])('who joined at %s signs in and is listed', async (_what, dialect, time) => {
  const server = await adopted('', dialect)
  const { change, users } = await openBeside(server)
  await change(`UPDATE users SET created_at = ${time}`)

  expect(await server.client.post('/api/auth/login', BOB)).toMatchObject({
    status: 200,
    body: { user: { created_at: '1970-01-01T00:00:00.000Z' } },
  })
  expect((await users.listAll()).users).toHaveLength(6)
})

test('an adopted time of infinity becomes the last known time', async () => {
  const server = await adopted(`UPDATE users SET created_at = 'infinity' WHERE email = '${BOB.email}';`, 'postgres')

  const { body } = await server.client.post('/api/auth/login', BOB)

  expect(body.user.created_at).toBe('2026-02-02T00:00:00.000Z')
})

test.each(DIALECTS)('a name of 3,000 characters makes no token that is too long, on %s', async (dialect) => {
  const { client } = await adopted(`UPDATE users SET name = '${'n'.repeat(3000)}';`, dialect)
  const { body } = await client.post('/api/auth/login', BOB)

  expect((await client.withToken(body.access_token).get('/api/auth/verify')).status).toBe(200)
})
