import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { DatabaseConfig } from '../../../server/config'
import { failedStart } from '../../support/failed-start'
import { newFolder } from '../../support/new-folder'
import { openTestDatabase } from '../../support/open-test-database'
import { administer } from '../../support/postgres-database'
import { testConfig } from '../../support/start-test-server'

type PostgresConfig = DatabaseConfig & { dialect: 'postgres' }

/** A start on a fresh database with one thing wrong. */
async function startWith(changes: Partial<PostgresConfig>, password?: { databasePassword: string | undefined }) {
  const place = await testConfig({ dialect: 'postgres' })
  const database = { ...(place.config.database as PostgresConfig), ...changes }
  const refusal = await failedStart({ ...place.config, database }, { ...place.secrets, ...password })
  return { ...refusal, message: refusal.message, name: database.name, at: `127.0.0.1:${database.port}` }
}

test('a wrong password', async () => {
  const { exitCode, message, at } = await startWith({}, { databasePassword: 'not-this-one' })

  expect(message).toBe(`Postgres at ${at} refused to sign in aurelius_test: check DB_USER and DB_PASSWORD.`)
  expect(exitCode).toBe(77)
})

test('no password where one is asked for', async () => {
  const { exitCode, message, at } = await startWith({}, { databasePassword: undefined })

  expect(message).toBe(`Postgres at ${at} refused to sign in aurelius_test: check DB_USER and DB_PASSWORD.`)
  expect(exitCode).toBe(77)
})

test('no password of ours: that of another program, in its variable or file, is not tried', async () => {
  const passwords = join(newFolder(), 'pgpass')
  writeFileSync(passwords, '*:*:*:*:throw-away\n', { mode: 0o600 })
  vi.stubEnv('PGPASSWORD', 'throw-away')
  vi.stubEnv('PGPASSFILE', passwords)
  onTestFinished(() => void vi.unstubAllEnvs())

  const { exitCode, message, at } = await startWith({}, { databasePassword: undefined })
  vi.stubEnv('PGPASSWORD', '')
  const withFileAlone = await startWith({}, { databasePassword: undefined })

  expect(message).toBe(`Postgres at ${at} refused to sign in aurelius_test: check DB_USER and DB_PASSWORD.`)
  expect(exitCode).toBe(77)
  expect(withFileAlone).toMatchObject({ exitCode: 77, message })
})

test('no such user', async () => {
  const { exitCode, message } = await startWith({ user: 'nobody_knows' })

  expect(message).toMatch(/refused to sign in nobody_knows: check DB_USER and DB_PASSWORD\.$/)
  expect(exitCode).toBe(77)
})

test('no such database', async () => {
  const { exitCode, message, at } = await startWith({ name: 'nowhere' })

  expect(message).toBe(`Postgres at ${at} has no database named nowhere: create it, or correct DB_NAME.`)
  expect(exitCode).toBe(78)
})

test('a host that no name server knows', async () => {
  const { exitCode, message } = await startWith({ host: 'postgres.invalid' })

  expect(message).toBe('The Postgres host postgres.invalid cannot be found: check DB_HOST and your network.')
  expect(exitCode).toBe(69)
})

test('a port where nobody listens', async () => {
  const { exitCode, message } = await startWith({ port: await closedPort() })

  expect(message).toMatch(/^Postgres at 127\.0\.0\.1:\d+ does not answer: check that it runs and that DB_HOST and/)
  expect(exitCode).toBe(69)
})

test('TLS asked of a server that has none', async () => {
  const { exitCode, message, at } = await startWith({ ssl: true })

  expect(message).toBe(`Postgres at ${at} cannot be reached over TLS: check DB_SSL and the server's certificate.`)
  expect(exitCode).toBe(78)
})

test('a user who may not make tables', async () => {
  const { config, secrets } = await testConfig({ dialect: 'postgres' })
  const database = config.database as PostgresConfig
  await administer(
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE ${database.name}_reader LOGIN PASSWORD 'look-only'`,
    database.name,
  )

  const reader = { ...config, database: { ...database, user: `${database.name}_reader` } }
  const { exitCode, message } = await failedStart(reader, { ...secrets, databasePassword: 'look-only' })
  await administer(`DROP ROLE ${database.name}_reader`)

  expect(message).toContain(`may not change the database ${database.name}: grant it CREATE on the schema.`)
  expect(exitCode).toBe(77)
})

test('a role that may open one connection, of which two are needed, is told so and leaves none behind', async () => {
  const place = await testConfig({ dialect: 'postgres' })
  await (await openTestDatabase(place)).close()
  const database = place.config.database as PostgresConfig
  const role = `${database.name}_narrow`
  await administer(
    `CREATE ROLE ${role} LOGIN PASSWORD 'look-only' CONNECTION LIMIT 1; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`,
    database.name,
  )

  const narrow = { ...place.config, database: { ...database, user: role } }
  const { exitCode, message } = await failedStart(narrow, { ...place.secrets, databasePassword: 'look-only' })

  expect(message).toMatch(/has no free connection: close some clients and start again\.$/)
  expect(exitCode).toBe(69)
  const connections = () => administer(`SELECT application_name FROM pg_stat_activity WHERE usename = '${role}'`)
  await expect.poll(connections).toEqual([])
  await administer(`DROP OWNED BY ${role}; DROP ROLE ${role}`, database.name)
})

describe('a database of somebody else is refused and left as it is', () => {
  test.each([
    [
      'a newer Aurelius',
      `CREATE TABLE schema_migrations (name VARCHAR PRIMARY KEY); INSERT INTO schema_migrations VALUES ('9999-from-the-future')`,
      /newer version/,
    ],
    [
      'other users',
      'CREATE TABLE users (id VARCHAR PRIMARY KEY, email VARCHAR)',
      /The table users lacks the columns name, hashed_password,/,
    ],
    [
      'users counted in numbers',
      'CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR, name VARCHAR, hashed_password VARCHAR, is_active BOOLEAN, is_admin BOOLEAN, created_at TIMESTAMP, updated_at TIMESTAMP)',
      /The table users has no text as its primary key id,/,
    ],
    [
      'other sessions',
      'CREATE TABLE sessions (id VARCHAR PRIMARY KEY, data JSON)',
      /The table sessions lacks the columns user_id,/,
    ],
    [
      'another history',
      'CREATE TABLE schema_migrations (version VARCHAR)',
      /The table schema_migrations is not the one/,
    ],
  ])('%s', async (_, script, reason) => {
    const { config, secrets } = await testConfig({ dialect: 'postgres' })
    const { name } = config.database as PostgresConfig
    await administer(script, name)
    const before = await tablesOf(name)

    const { exitCode, message } = await failedStart(config, secrets)

    expect(message).toMatch(reason)
    expect(message).toMatch(/ Nothing was changed\.$/)
    expect(exitCode).toBe(78)
    expect(await tablesOf(name)).toEqual(before)
  })
})

test('a role that prefers another schema finds its tables again at the next start', async () => {
  const place = await testConfig({ dialect: 'postgres' })
  const { name } = place.config.database as PostgresConfig
  await administer(`CREATE SCHEMA research; ALTER DATABASE ${name} SET search_path = research, public`, name)
  const first = await openTestDatabase(place)
  await first.models.User.create({ email: 'ada@example.com', name: 'Ada', hashedPassword: '-' })
  await first.close()

  const second = await openTestDatabase(place)

  expect(await second.models.User.count()).toBe(1)
})

const tablesOf = (name: string) =>
  administer(
    `SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 2, 3`,
    name,
  )

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
