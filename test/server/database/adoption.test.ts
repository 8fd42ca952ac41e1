import { QueryTypes } from 'sequelize'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../support/open-test-database'
import {
  makePythonDatabase,
  OLD_PASSWORD,
  OTHER_OLD_PASSWORD,
  type PythonFlavour,
  pythonScript,
} from '../../support/python-database'
import { readSchema } from '../../support/schema'
import { type Dialect, startTestServer, type TestServer, testConfig } from '../../support/start-test-server'

const CONSTRAINT_AND_PLAIN_INDEX =
  'CREATE UNIQUE INDEX users_email_key ON users (email); CREATE INDEX ix_users_email ON users (email)'

const FLAVOURS: [name: string, dialect: Dialect, flavour: PythonFlavour][] = [
  ['SQLite', 'sqlite', {}],
  ['SQLite with an ix_users_email that allows duplicates', 'sqlite', { emailIndex: CONSTRAINT_AND_PLAIN_INDEX }],
  [
    'SQLite with an ix_users_email on another column',
    'sqlite',
    { emailIndex: 'CREATE INDEX ix_users_email ON users (name)' },
  ],
  ['Postgres, times with a zone', 'postgres', { instant: 'TIMESTAMP WITH TIME ZONE' }],
  [
    'Postgres, times without a zone',
    'postgres',
    { instant: 'TIMESTAMP WITHOUT TIME ZONE', emailIndex: CONSTRAINT_AND_PLAIN_INDEX },
  ],
  [
    'Postgres, ids of type UUID and hashes of 60 characters',
    'postgres',
    { instant: 'TIMESTAMP', userId: 'UUID', hash: 'VARCHAR(60)' },
  ],
]

async function pythonPlace(dialect: Dialect, flavour: PythonFlavour) {
  const place = await testConfig({ dialect })
  const { database } = place.config
  // The database's own zone is far from UTC, in which the Python system's sessions spoke.
  const zone =
    database.dialect === 'postgres'
      ? `ALTER DATABASE ${database.name} SET timezone = 'Asia/Tokyo'; SET TIME ZONE 'UTC';`
      : ''
  await makePythonDatabase(database, zone + pythonScript(flavour))
  return place
}

const ADA = {
  id: 'a0000000-0000-4000-8000-000000000001',
  email: 'ada.lovelace@example.com',
  name: 'Ada',
  is_active: true,
  is_admin: true,
  created_at: '2026-02-01T12:00:00.000Z',
}

const login = (server: TestServer, email: string, password: string) =>
  server.client.post('/api/auth/login', { email, password })

async function everyRow(place: Awaited<ReturnType<typeof testConfig>>) {
  const database = await openTestDatabase(place)
  const select = (sql: string) => database.sequelize.query(sql, { type: QueryTypes.SELECT })
  const tables = [
    'strategies',
    'backtests',
    'validations',
    'gate_results',
    'users',
    'alembic_version',
    'schema_migrations',
  ]
  const rows: Record<string, unknown> = {}
  for (const table of tables) rows[table] = await select(`SELECT * FROM ${table} ORDER BY 1`)
  const schema = await readSchema(database.sequelize)
  await database.close()
  return { rows, schema }
}

describe.each(FLAVOURS)('a database that the Python system made on %s', (_, dialect, flavour) => {
  test('its users sign in with their old passwords and are told when they joined, in UTC', async () => {
    const before = Date.now() - 1000
    const server = await startTestServer({ dialect, ...(await pythonPlace(dialect, flavour)) })

    const asStored = await login(server, 'Ada.Lovelace@Example.com', OLD_PASSWORD)
    expect(asStored).toMatchObject({ status: 200, body: { user: ADA } })
    const verified = await server.client.withToken(asStored.body.access_token).get('/api/auth/verify')
    expect(verified).toMatchObject({ status: 200, body: { user: ADA } })
    for (const email of ['ada.lovelace@example.com', 'ADA.LOVELACE@EXAMPLE.COM']) {
      expect(await login(server, email, OLD_PASSWORD)).toMatchObject({ status: 200, body: { user: ADA } })
      expect(await login(server, email, OTHER_OLD_PASSWORD)).toMatchObject({ status: 401 })
    }
    const bob = await login(server, 'bob@example.com', OLD_PASSWORD)
    expect(bob.body.user).toMatchObject({ created_at: '2026-02-01T13:30:00.123Z' })

    // What was left empty: no flag is "no", no time of joining is the last known time.
    const late = await login(server, 'late@example.com', OLD_PASSWORD)
    expect(late.body.user).toMatchObject({ created_at: '2026-01-05T06:07:08.000Z', is_admin: false })
    const nil = await login(server, 'nil@example.com', OLD_PASSWORD)
    expect(nil).toMatchObject({ status: 403, body: { code: 'account_inactive' } })
    const database = await openTestDatabase(server)
    const row = await database.models.User.findOne({ where: { email: 'nil@example.com' } })
    expect(row).toMatchObject({ isActive: false, isAdmin: false })
    expect(row?.createdAt.getTime()).toBeGreaterThan(before)
  })

  test('of two addresses that differ by case alone, the older account gets the lower case and both sign in', async () => {
    const server = await startTestServer({ dialect, ...(await pythonPlace(dialect, flavour)) })
    const nameAfterLogin = async (email: string, password: string) => {
      const { status, body } = await login(server, email, password)
      return body.user?.name ?? status
    }

    expect(await nameAfterLogin('EVE@example.com', OTHER_OLD_PASSWORD)).toBe('Eve the younger')
    expect(await nameAfterLogin('EVE@example.com', OLD_PASSWORD)).toBe(401)
    for (const email of ['Eve@example.com', 'eve@example.com', 'eVe@Example.com']) {
      expect(await nameAfterLogin(email, OLD_PASSWORD)).toBe('Eve the elder')
      expect(await nameAfterLogin(email, OTHER_OLD_PASSWORD)).toBe(401)
    }
    for (const email of ['eve@example.com', 'EVE@example.com', 'eVe@example.com', 'Ada.lovelace@example.com'])
      expect(
        await server.client.post('/api/auth/register', { email, password: 'a long enough password', name: 'Mallory' }),
      ).toMatchObject({ status: 400, body: { code: 'email_taken' } })
  })

  test('the old rows remain, and a second start changes nothing', async () => {
    const place = await pythonPlace(dialect, flavour)

    const first = await everyRow(place)
    await (await startTestServer({ dialect, ...place })).close()
    const second = await everyRow(place)

    expect(first.rows).toMatchObject({
      alembic_version: [{ version_num: '002_add_users' }],
      strategies: [{ name: 'Momentum', status: 'active' }],
      backtests: [{ start_date: '2020-01-01', initial_capital: 100000, status: 'completed' }],
      validations: [{ end_date: '2025-12-31' }],
      gate_results: [{ gate_type: 'dev' }],
      users: { length: 6 },
    })
    expect(first.schema.indexes).toMatchObject({
      ix_users_email: 'unique users(email)',
      ix_users_is_active: 'users(is_active)',
      ix_backtests_strategy_id_created_at: 'backtests(strategy_id, created_at)',
    })
    for (const table of ['strategies', 'backtests', 'users'])
      expect(first.schema.tables[table]).toMatchObject({ created_at: 'instant' })
    expect(second).toEqual(first)
  })

  test('instants compare with those written since, and a strategy takes its runs with it', async () => {
    const { sequelize } = await openTestDatabase(await pythonPlace(dialect, flavour))
    const count = async (sql: string, replacements: Record<string, unknown> = {}) => {
      const [row] = await sequelize.query<{ n: number | string }>(sql, { replacements, type: QueryTypes.SELECT })
      return Number(row?.n)
    }
    const noon = new Date('2026-02-01T12:00:00Z')

    const upToNoon = 'SELECT count(*) AS n FROM users WHERE created_at <= :noon AND created_at >= :noon'
    expect(await count(upToNoon, { noon })).toBe(1)
    const halfPastNine = new Date('2026-01-31T09:30:00Z')
    expect(await count('SELECT count(*) AS n FROM backtests WHERE created_at = :halfPastNine', { halfPastNine })).toBe(
      1,
    )

    await sequelize.query('DELETE FROM strategies')
    for (const table of ['backtests', 'validations', 'gate_results'])
      expect(await count(`SELECT count(*) AS n FROM ${table}`)).toBe(0)
  })
})

test('two first sign-ins of an adopted user at once both succeed', async () => {
  const server = await startTestServer({ dialect: 'sqlite', ...(await pythonPlace('sqlite', {})) })

  const replies = await Promise.all(Array.from({ length: 4 }, () => login(server, 'bob@example.com', OLD_PASSWORD)))

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
})
