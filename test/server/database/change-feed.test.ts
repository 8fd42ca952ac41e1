import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { builtFile } from '../../../server/built-file'
import type { DatabaseConfig } from '../../../server/config'
import { HERE, openBeside, readLog, UNLIMITED } from '../../support/beside'
import { administer } from '../../support/postgres-database'
import { startTestServer, type TestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'
import { readToken, signToken } from '../../support/tokens'

const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const nameOf = (server: TestServer) => (server.config.database as DatabaseConfig & { dialect: 'postgres' }).name

test('a listener that is cut off listens again, and what it missed is loaded', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const [ada, bob, eve] = [await server.signUp('Ada'), await server.signUp('Bob'), await server.signUp('Eve')]
  const { users } = await openBeside(server)

  // Without a notice, as if it had come while nobody listened.
  await administer(
    `UPDATE sessions SET revoked_at = now() WHERE id = '${readToken(ada.token).claims.sid}';
     SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'aurelius-listener'`,
    nameOf(server),
  )

  await expect.poll(() => statusOf(ada)).toBe(401)
  await users.update(readToken(bob.token).claims.sub, { isActive: false })
  await expect.poll(() => statusOf(bob)).toBe(401)
  expect(await statusOf(eve)).toBe(200)
})

test('a change that ends more sessions than one notice can carry reaches the other nodes in full', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const ada = await server.signUp()
  const { header, claims } = readToken(ada.token)
  const { accounts, database } = await openBeside(server)
  const sessions = Array.from({ length: 500 }, () => ({
    id: randomUUID(),
    userId: claims.sub,
    createdAt: new Date(),
    expiresAt: new Date(claims.exp * 1000),
  }))
  await database.models.Session.bulkCreate(sessions)
  const tokens = sessions.map(({ id }) => signToken(header, { ...claims, sid: id }, server.signingKey))
  const countsThere = (token: string) => {
    try {
      return Boolean(accounts.authenticate(`Bearer ${token}`, HERE, UNLIMITED))
    } catch {
      return false
    }
  }
  expect(tokens.filter(countsThere)).toHaveLength(500)

  const { status } = await ada.post('/api/auth/change-password', {
    current_password: ada.account.password,
    new_password: 'another good password',
  })

  expect(status).toBe(200)
  await expect.poll(() => tokens.filter(countsThere)).toEqual([])
  expect(countsThere(ada.token)).toBe(true)
})

test('a notice that is not from Aurelius is passed over', async () => {
  const server = await startTestServer({ dialect: 'postgres' })
  const ada = await server.signUp()
  const { users } = await openBeside(server)

  for (const notice of ['nonsense', 'null', '{}', '{"userId": 1, "revoked": 2}', ''])
    await administer(`NOTIFY aurelius_changes, '${notice}'`, nameOf(server))

  expect(await statusOf(ada)).toBe(200)
  await users.update(readToken(ada.token).claims.sub, { isActive: false })
  await expect.poll(() => statusOf(ada)).toBe(401)
  const { lines } = await readLog(server)
  expect(lines.filter(({ msg }) => /following account changes failed/.test(String(msg))).length).toBeGreaterThan(0)
})

test('two processes on one SQLite file tell each other', async () => {
  const secretKey = randomBytes(32).toString('hex')
  const server = await startTestServer({ secrets: { signingKeys: [{ key: Buffer.from(secretKey), signsFrom: 0 }] } })
  const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
  const other = await serveElsewhere(server, secretKey)
  expect([await statusOf(ada.at(other)), await statusOf(bob.at(other))]).toEqual([200, 200])

  await ada.post('/api/auth/logout')
  await bob.at(other).post('/api/auth/logout')

  await expect.poll(() => statusOf(ada.at(other))).toBe(401)
  await expect.poll(() => statusOf(bob)).toBe(401)
})

test('on one SQLite file a sign-out is told by the operating system, and nobody loads again what they wrote themselves', async () => {
  const server = await startTestServer()
  // Neither looks by itself within the time of this test, and both write down their statements.
  const told = { ...sqliteOf(server), lookEveryMs: 3_600_000, echo: true }
  const here = await server.startSibling({ database: told, log: logIn(server, 'here') })
  const there = await server.startSibling({ database: told, log: logIn(server, 'there') })
  const people = await Promise.all(['Ada', 'Bob', 'Eve'].map(here.signUp))
  for (const person of people) expect(await statusOf(person.at(there.origin))).toBe(200)

  for (const person of people) {
    await person.post('/api/auth/logout')
    await expect.poll(() => statusOf(person.at(there.origin))).toBe(401)
  }

  const loads = async (node: TestServer, name: string) =>
    (await readLog({ close: node.close, folder: join(server.folder, name) })).text.split('sessions.revoked_at >')
      .length - 1
  expect(await loads(here, 'here')).toBe(1)
  expect(await loads(there, 'there')).toBeGreaterThan(1)
})

const sqliteOf = (server: TestServer) => server.config.database as DatabaseConfig & { dialect: 'sqlite' }
const logIn = (server: TestServer, name: string) => ({
  level: 'trace' as const,
  folder: join(server.folder, name, 'logs'),
})

/** The built headless server as a process of its own on the same database; answers its address. */
async function serveElsewhere(server: TestServer, secretKey: string): Promise<string> {
  const home = join(server.folder, 'home')
  mkdirSync(home)
  const child = spawn(process.execPath, [builtFile('main/serve.cjs')], {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      APPDATA: home,
      XDG_CONFIG_HOME: home,
      DB_STORAGE: join(server.folder, 'aurelius.db'),
      SECRET_KEY: secretKey,
      PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (address) return address
  }
  throw new Error('the other process ended before it said where it listens')
}
