import { expect, test } from 'vitest'
import { openTestDatabase } from '../../support/open-test-database'
import { makePythonDatabase, OLD_PASSWORD, pythonScript } from '../../support/python-database'
import { openSqliteFile } from '../../support/sqlite-file'
import { startTestServer, testConfig } from '../../support/start-test-server'

const BOB = { email: 'bob@example.com', password: OLD_PASSWORD }

async function adopted(change: string) {
  const place = await testConfig()
  await makePythonDatabase(place.config.database, `${pythonScript()} ${change}`)
  return startTestServer(place)
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
