import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../../migrations'
import { failedStart } from '../../support/failed-start'
import { openTestDatabase } from '../../support/open-test-database'
import { openSqliteFile } from '../../support/sqlite-file'
import { startTestServer, testConfig } from '../../support/start-test-server'

/** A database as an older version left it, with one user. */
async function olderDatabase() {
  const place = await testConfig()
  const database = await openTestDatabase(place, { migrations: migrations.slice(0, 3) })
  await database.sequelize.query(
    "INSERT INTO users (id, email, name, hashed_password) VALUES ('ada', 'ada@example.com', 'Ada', '-')",
  )
  return { ...place, database, backups: join(place.folder, 'backups'), file: join(place.folder, 'aurelius.db') }
}

test('before an older database is migrated, a copy is kept that opens and holds the old rows and the old schema', async () => {
  const { backups, database, ...place } = await olderDatabase()
  await database.close()
  const steps: string[] = []

  await openTestDatabase(place, { onProgress: (step) => steps.push(step) })

  expect(steps[0]).toBe('Keeping a copy of the database')
  const [name = '', ...others] = readdirSync(backups)
  expect(name).toMatch(/^aurelius-\d{4}-\d\d-\d\dT.*\.db$/)
  expect(others).toEqual([])
  const copy = await openSqliteFile(join(backups, name))
  expect(await copy.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(await copy.all('SELECT email FROM users')).toEqual([{ email: 'ada@example.com' }])
  expect(await copy.all("SELECT name FROM sqlite_schema WHERE name = 'sessions'")).toEqual([])
  await copy.close()
})

test('the copy has what another program has written but not yet moved out of the write-ahead log', async () => {
  const { backups, database, ...place } = await olderDatabase()
  await database.sequelize.query(
    "INSERT INTO users (id, email, name, hashed_password) VALUES ('bob', 'bob@example.com', 'Bob', '-')",
  )

  await openTestDatabase(place)

  const copy = await openSqliteFile(join(backups, readdirSync(backups)[0] ?? ''))
  expect(await copy.all('SELECT name FROM users ORDER BY name')).toEqual([{ name: 'Ada' }, { name: 'Bob' }])
  await copy.close()
})

test('a copy put in the place of the database is a database again', async () => {
  const { backups, database, file, ...place } = await olderDatabase()
  await database.close()
  await (await openTestDatabase(place)).close()

  writeFileSync(file, readFileSync(join(backups, readdirSync(backups)[0] ?? '')))
  const restored = await openTestDatabase(place)

  expect(await restored.models.User.count()).toBe(1)
  expect(await restored.sequelize.query('PRAGMA journal_mode')).toMatchObject([[{ journal_mode: 'wal' }], {}])
})

test('no copy is kept of a fresh database, nor where nothing is to be done', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()
  await server.close()

  const again = await startTestServer(server)

  await again.client.login(ada.account)
  expect(existsSync(join(server.folder, 'backups'))).toBe(false)
})

test('where no copy can be kept, nothing is migrated', async () => {
  const { backups, database, file, config, secrets } = await olderDatabase()
  await database.close()
  writeFileSync(backups, 'a file where the folder should be')
  const hashOfFile = () => createHash('sha256').update(readFileSync(file)).digest('hex')
  const before = hashOfFile()

  const refusal = await failedStart(config, secrets)

  expect(refusal).toMatchObject({ exitCode: 73, message: expect.stringContaining(`could be kept in ${backups}`) })
  expect(refusal.message).toMatch(/Nothing was changed\.$/)
  expect(hashOfFile()).toBe(before)
})

test("the folder of copies that is there already keeps its owner's files", async () => {
  const { backups, database, ...place } = await olderDatabase()
  await database.close()
  mkdirSync(backups)
  writeFileSync(join(backups, 'mine.txt'), 'mine')

  await openTestDatabase(place)

  expect(readFileSync(join(backups, 'mine.txt'), 'utf8')).toBe('mine')
  expect(readdirSync(backups)).toHaveLength(2)
})
