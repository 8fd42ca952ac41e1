import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { startTestServer, type TestServer } from '../../support/start-test-server'
import { signToken } from '../../support/tokens'

test('checking a token needs no database: with Postgres gone, right tokens pass and wrong ones do not', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  await bob.post('/api/auth/logout')

  await takeAway(server)

  expect((await ada.get('/api/health')).status).toBe(503)
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  expect((await ada.get('/api/no-such-thing')).status).toBe(404)
  expect((await bob.get('/api/auth/verify')).status).toBe(401)
  const forged = signToken({ alg: 'HS256', typ: 'at+jwt' }, { sub: 'x' }, 'another key')
  expect((await ada.withToken(forged).get('/api/auth/verify')).status).toBe(401)
})

test('what needs the database answers 503 while it is away and works again when it is back', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const ada = await server.signUp()
  const giveBack = await takeAway(server)
  const { email, password } = ada.account

  const replies = [
    await ada.get('/api/health'),
    await ada.post('/api/auth/login', { email, password }),
    await ada.post('/api/auth/register', { email: 'bob@example.com', password, name: 'Bob' }),
    await ada.post('/api/auth/logout'),
  ]

  for (const reply of replies) {
    expect(reply).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
    expect(reply.headers.get('retry-after')).toBe('5')
    expect(JSON.stringify(reply.body)).not.toMatch(/test_|127\.0\.0\.1|connect|pg|sql/i)
  }
  await giveBack()
  await expect.poll(async () => (await ada.get('/api/health')).status).toBe(200)
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  expect((await ada.post('/api/auth/login', { email, password })).status).toBe(200)
})

test('a node that has not heard of its database for half a minute trusts no token until it hears again', async () => {
  const clock = { ahead: 0 }
  const server = await startTestServer({ dialect: 'postgres', now: () => Date.now() + clock.ahead })
  const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
  await bob.post('/api/auth/logout')
  // The notice of the sign-out comes back to this node too, and what is read while it does is not remembered.
  for (let turn = 0; turn < 20; turn += 1) expect((await ada.get('/api/auth/verify')).status).toBe(200)
  const giveBack = await takeAway(server)
  expect((await ada.get('/api/auth/verify')).status).toBe(200)

  clock.ahead += 31_000

  const reply = await ada.get('/api/auth/verify')
  expect(reply).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
  expect(reply.headers.get('retry-after')).toBe('5')
  expect((await bob.get('/api/auth/verify')).status).toBe(401)
  await giveBack()
  await expect.poll(async () => (await ada.get('/api/auth/verify')).status).toBe(200)
  expect((await bob.get('/api/auth/verify')).status).toBe(401)
})

/** Ends every connection to the server's database and allows no new one; answers the way back. */
async function takeAway({ config }: TestServer): Promise<() => Promise<void>> {
  if (config.database.dialect !== 'postgres') throw new Error('only a database on a server can go away')
  const { name } = config.database
  await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await administer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  return () => administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
}

async function administer(statement: string): Promise<void> {
  const { port, user, password } = inject('postgres')
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' })
  await client.connect()
  await client.query(statement)
  await client.end()
}
