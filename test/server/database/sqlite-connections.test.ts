import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { QueryTypes, type Transaction } from 'sequelize'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../support/open-test-database'
import { openSqliteFile } from '../../support/sqlite-file'
import { startTestServer, testConfig } from '../../support/start-test-server'

const PERSON = { password: 'a long enough password', name: 'Ada' }

test('every connection writes ahead, checks foreign keys, waits for locks and syncs, inside a transaction as well', async () => {
  const { sequelize, write } = await openTestDatabase(await testConfig())
  const pragma = async (name: string, transaction?: Transaction) => {
    const options = { type: QueryTypes.SELECT, ...(transaction ? { transaction } : {}) } as const
    const [row = {}] = await sequelize.query<Record<string, unknown>>(`PRAGMA ${name}`, options)
    return Object.values(row)[0]
  }
  const settings = async (transaction?: Transaction) => ({
    journal: await pragma('journal_mode', transaction),
    synchronous: await pragma('synchronous', transaction),
    foreignKeys: await pragma('foreign_keys', transaction),
    timeout: await pragma('busy_timeout', transaction),
  })

  const outside = await settings()
  const inside = await write(settings)

  expect(outside).toEqual({ journal: 'wal', synchronous: 2, foreignKeys: 1, timeout: 5000 })
  expect(inside).toEqual(outside)
})

test('a row that refers to nobody is refused', async () => {
  const { models, write } = await openTestDatabase(await testConfig())
  const orphan = { userId: 'nobody', expiresAt: new Date() }

  await expect(models.Session.create(orphan)).rejects.toMatchObject({ name: 'SequelizeForeignKeyConstraintError' })
  await expect(write((transaction) => models.Session.create(orphan, { transaction }))).rejects.toMatchObject({
    name: 'SequelizeForeignKeyConstraintError',
  })
  expect(await models.Session.count()).toBe(0)
})

test('while the file is locked, fifty registrations wait in line, reads are answered, and then all fifty succeed', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()
  const other = await openSqliteFile(join(server.folder, 'aurelius.db'))
  await other.run('BEGIN IMMEDIATE')
  let answered = 0

  const registrations = Array.from({ length: 50 }, async (_, index) => {
    const reply = await server.client.post('/api/auth/register', { ...PERSON, email: `user${index}@example.com` })
    answered += 1
    return reply.status
  })
  const reads = []
  for (let index = 0; index < 5; index += 1) {
    reads.push((await ada.get('/api/auth/verify')).status, (await ada.get('/api/health')).status)
    reads.push((await server.client.post('/api/auth/login', { ...PERSON, email: 'nobody@example.com' })).status)
  }
  const answeredWhileLocked = answered
  await other.run('COMMIT')

  expect(await Promise.all(registrations)).toEqual(Array.from({ length: 50 }, () => 200))
  expect(answeredWhileLocked).toBe(0)
  expect(reads).toEqual(Array.from({ length: 5 }, () => [200, 200, 401]).flat())
  expect(await other.all('SELECT count(*) AS n FROM users')).toEqual([{ n: 51 }])
  await other.close()
})

test('another process that writes to the file is waited for', async () => {
  const server = await startTestServer()
  const file = join(server.folder, 'aurelius.db')
  const script = `
    const sqlite3 = require('sqlite3')
    const database = new sqlite3.Database(process.argv[1])
    database.exec("BEGIN IMMEDIATE; UPDATE users SET name = 'written beside'", () => console.log('locked'))
    process.stdin.once('data', () => database.exec('COMMIT', () => database.close()))
  `
  await server.signUp()
  const child = spawn(process.execPath, ['-e', script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')

  let answered = false
  const registration = server.client.post('/api/auth/register', { ...PERSON, email: 'ada@example.com' }).finally(() => {
    answered = true
  })
  const meanwhile = await server.client.post('/api/auth/login', { ...PERSON, email: 'nobody@example.com' })
  const answeredWhileLocked = answered
  child.stdin.write('go on\n')

  expect(meanwhile.status).toBe(401)
  expect(answeredWhileLocked).toBe(false)

  expect((await registration).status).toBe(200)
  child.stdin.end()
  expect(await ended).toEqual([0, null])
  const { models } = await openTestDatabase(server)
  const users = await models.User.findAll({ order: [['created_at', 'ASC']] })
  expect(users.map(({ name }) => name)).toEqual(['written beside', 'Ada'])
})

test('a lock that is kept too long answers 503, and afterwards writing works again', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()
  const other = await openSqliteFile(join(server.folder, 'aurelius.db'))
  await other.run('BEGIN IMMEDIATE')

  const reply = await ada.post('/api/auth/logout')
  await other.run('ROLLBACK')

  expect(reply).toMatchObject({ status: 503, body: { code: 'database_unavailable' } })
  expect(reply.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  expect((await ada.post('/api/auth/logout')).status).toBe(200)
  await other.close()
})

test('a transaction that cannot be committed leaves the file free for the next', async () => {
  const { models, sequelize, write } = await openTestDatabase(await testConfig())

  const late = write(async (transaction) => {
    await sequelize.query('PRAGMA defer_foreign_keys = ON', { transaction })
    await models.Session.create({ userId: 'nobody', expiresAt: new Date() }, { transaction })
  })

  await expect(late).rejects.toMatchObject({ name: 'SequelizeForeignKeyConstraintError' })
  await write((transaction) =>
    models.User.create({ email: 'ada@example.com', name: 'Ada', hashedPassword: '-' }, { transaction }),
  )
  expect(await models.Session.count()).toBe(0)
  expect(await models.User.count()).toBe(1)
})

const onLinux = process.platform === 'linux'

test.runIf(onLinux)('a server that was closed, also right after writing, has let go of every file', async () => {
  const server = await startTestServer()
  const statuses = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const reply = await server.client.post('/api/auth/register', { ...PERSON, email: `user${index}@example.com` })
      return reply.status
    }),
  )
  expect(openFilesIn(server.folder).length).toBeGreaterThan(0)

  await server.close()

  expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
  expect(openFilesIn(server.folder)).toEqual([])
  expect(readdirSync(server.folder)).not.toContain('aurelius.db-wal')
})

test.runIf(onLinux)(
  'a database that is closed while writes are waiting finishes them and lets go of every file',
  async () => {
    const place = await testConfig()
    const { models, write, close } = await openTestDatabase(place)

    const writes = Array.from({ length: 5 }, (_, index) =>
      write((transaction) =>
        models.User.create({ email: `user${index}@example.com`, name: 'Ada', hashedPassword: '-' }, { transaction }),
      ),
    )
    await close()

    expect(openFilesIn(place.folder)).toEqual([])
    await Promise.all(writes)
    const again = await openTestDatabase(place)
    expect(await again.models.User.count()).toBe(5)
  },
)

test.runIf(onLinux)('a start that is refused has let go of every file', async () => {
  const place = await testConfig()
  const file = await openSqliteFile(join(place.folder, 'aurelius.db'))
  await file.run('CREATE TABLE users (id TEXT PRIMARY KEY)')
  await file.close()

  await expect(openTestDatabase(place)).rejects.toThrow('cannot take this database over')

  expect(openFilesIn(place.folder)).toEqual([])
})

function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`)
      } catch {
        return '' // closed since it was listed, as the descriptor of the listing itself
      }
    })
    .filter((target) => target.startsWith(folder))
}
