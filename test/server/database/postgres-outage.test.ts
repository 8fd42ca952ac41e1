import { expect, onTestFinished, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { startPostgres } from '../../support/postgres'
import { startTestServer } from '../../support/start-test-server'

const UNAVAILABLE = { status: 503, body: { status: 503, code: 'database_unavailable' } }

test('Postgres goes away and comes back under a running server', { timeout: 60_000 }, async () => {
  const postgres = await startPostgres()
  onTestFinished(postgres.remove)
  const { port, user, password } = postgres.access
  const server = await startTestServer({
    config: {
      database: { dialect: 'postgres', host: '127.0.0.1', port, name: 'postgres', user, ssl: false, echo: false },
    },
    secrets: { databasePassword: password },
  })
  const { client } = server
  const [ada, bob, eve] = [await server.signUp('Ada'), await server.signUp('Bob'), await server.signUp('Eve')]
  await bob.post('/api/auth/logout')
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  // More connections than one are cut: all of the pool and the listener.
  await Promise.all(Array.from({ length: 8 }, () => client.login(eve.account)))

  await postgres.stop()

  for (const round of [1, 2]) {
    const replies = await Promise.all([
      client.get('/api/health'),
      client.post('/api/auth/login', ada.account),
      client.post('/api/auth/login', { ...ada.account, email: 'nobody@example.com' }),
      client.post('/api/auth/register', { ...ada.account, email: 'new@example.com' }),
      ada.post('/api/auth/logout'),
      ada.post('/api/auth/change-password', {
        current_password: ada.account.password,
        new_password: 'another good one',
      }),
    ])
    for (const reply of replies) {
      expect(reply, `round ${round}`).toMatchObject(UNAVAILABLE)
      expect(reply.headers.get('content-type')).toMatch('application/problem+json')
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(reply.body.detail).toBe('The database does not answer: try again in a moment.')
    }
    // Who is known needs no database, and neither does who has no business here.
    expect(await ada.get('/api/auth/verify')).toMatchObject({
      status: 200,
      body: { user: { email: ada.account.email } },
    })
    expect((await bob.get('/api/auth/verify')).status).toBe(401)
    expect((await ada.withToken(`${ada.token}x`).get('/api/auth/verify')).status).toBe(401)
    expect((await ada.get('/api/nothing-here')).status).toBe(404)
  }

  await postgres.startAgain()

  await expect.poll(async () => (await client.get('/api/health')).status).toBe(200)
  expect((await ada.post('/api/auth/logout')).status).toBe(200)
  expect((await ada.get('/api/auth/verify')).status).toBe(401)
  const again = await client.login(ada.account)
  expect((await again.get('/api/auth/verify')).status).toBe(200)
  expect((await client.post('/api/auth/login', { ...ada.account, email: 'new@example.com' })).status).toBe(401)
  // Following the other nodes has recovered as well.
  const { users } = await openBeside(server)
  const { id } = (await eve.get('/api/auth/verify')).body.user
  await users.update(id, { isActive: false })
  await expect.poll(async () => (await eve.get('/api/auth/verify')).status).toBe(401)
})
