import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrations } from '../../../migrations'
import { failedStart } from '../../support/failed-start'
import { openTestDatabase } from '../../support/open-test-database'
import { makeSqliteFile, openSqliteFile } from '../../support/sqlite-file'
import { startTestServer, testConfig } from '../../support/start-test-server'

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

async function placeFor(storage: string) {
  const place = await testConfig()
  const file = join(place.folder, storage)
  return { ...place, file, config: { ...place.config, database: { ...sqlite(file) } } }
}

const sqlite = (storage: string) => ({ dialect: 'sqlite' as const, storage, echo: false })

async function expectRefusedUntouched(place: Awaited<ReturnType<typeof placeFor>>, exitCode: number, sentence: RegExp) {
  const before = hashOf(place.file)

  const refusal = await failedStart(place.config, place.secrets)

  expect(refusal.message).toMatch(sentence)
  expect(refusal.exitCode).toBe(exitCode)
  expect(hashOf(place.file)).toBe(before)
  const beside = readdirSync(dirname(place.file)).filter((name) => name !== 'logs')
  expect(beside.filter((name) => !['aurelius.db', 'aurelius.db.lock'].includes(name))).toEqual([])
}

/** A database that a server has used, closed, with its data in the one file. */
async function usedDatabase(version = migrations) {
  const place = await placeFor('aurelius.db')
  const database = await openTestDatabase(place, { migrations: version })
  await database.close()
  return place
}

describe('a place that cannot hold a database', () => {
  test('a folder has its name', async () => {
    const place = await placeFor('aurelius.db')
    mkdirSync(place.file)

    const refusal = await failedStart(place.config, place.secrets)

    expect(refusal).toMatchObject({ exitCode: 73, message: expect.stringContaining('DB_STORAGE') })
    expect(readdirSync(place.file)).toEqual([])
  })

  test('a file has the name of its folder', async () => {
    const place = await placeFor('notes/aurelius.db')
    writeFileSync(dirname(place.file), 'notes')

    const refusal = await failedStart(place.config, place.secrets)

    expect(refusal).toMatchObject({ exitCode: 73, message: expect.stringContaining('DB_STORAGE') })
    expect(readFileSync(dirname(place.file), 'utf8')).toBe('notes')
  })
})

test.runIf(process.platform === 'linux').each([
  ['a pipe', (file: string) => execFileSync('mkfifo', [file])],
  ['a device', (file: string) => symlinkSync('/dev/zero', file)],
])('%s has its name', async (_, make) => {
  const place = await placeFor('aurelius.db')
  make(place.file)

  const refusal = await failedStart(place.config, place.secrets)

  expect(refusal).toMatchObject({ exitCode: 73, message: expect.stringMatching(/is no file, .*DB_STORAGE\.$/) })
})

test('a lock file that is damaged is not blamed on the database', async () => {
  const place = await usedDatabase(migrations.slice(0, 2))
  writeFileSync(`${place.file}.lock`, randomBytes(20_000))

  await expectRefusedUntouched(place, 78, /aurelius\.db\.lock, which holds nothing but a lock, is damaged: delete it/)
})

describe('a damaged database is refused and left as it is', () => {
  test('random bytes', async () => {
    const place = await placeFor('aurelius.db')
    writeFileSync(place.file, randomBytes(20_000))

    await expectRefusedUntouched(place, 78, /is damaged or is no Aurelius database: put a copy from its "backups"/)
  })

  test('a text file', async () => {
    const place = await placeFor('aurelius.db')
    writeFileSync(place.file, 'dear diary')

    await expectRefusedUntouched(place, 78, /is damaged/)
  })

  test('cut off in the middle', async () => {
    const place = await usedDatabase()
    truncateSync(place.file, Math.floor(readFileSync(place.file).length / 2))

    await expectRefusedUntouched(place, 78, /is damaged/)
  })

  test.each([
    ['up to date', migrations],
    ['to be migrated', migrations.slice(0, 2)],
  ])('garbage behind the first page, %s', async (_, version) => {
    const place = await usedDatabase(version)
    const bytes = readFileSync(place.file)
    randomBytes(bytes.length - 4096).copy(bytes, 4096)
    writeFileSync(place.file, bytes)

    await expectRefusedUntouched(place, 78, /is damaged/)
  })
})

test('damage in rows that nobody would have read is found before the database is migrated', async () => {
  const place = await usedDatabase(migrations.slice(0, 2))
  const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)`
  await makeSqliteFile(
    place.file,
    `PRAGMA journal_mode = DELETE; ${rows} INSERT INTO strategies (id, name, strategy_type) SELECT i, 'Momentum', hex(zeroblob(50)) FROM n`,
  )
  const bytes = readFileSync(place.file)
  bytes.fill(0xff, bytes.length - 40 * 4096, bytes.length - 39 * 4096)
  writeFileSync(place.file, bytes)

  await expectRefusedUntouched(place, 78, /is damaged/)
})

test('an empty file is a fresh database', async () => {
  const place = await placeFor('aurelius.db')
  writeFileSync(place.file, '')

  const server = await startTestServer(place)

  await server.signUp()
  expect(readdirSync(place.folder)).not.toContain('backups')
})

describe('a database of somebody else is refused and left as it is', () => {
  test('a newer Aurelius', async () => {
    const place = await usedDatabase()
    await makeSqliteFile(place.file, `INSERT INTO schema_migrations VALUES ('9999-from-the-future')`)

    await expectRefusedUntouched(place, 78, /^This database was written by a newer version .* Nothing was changed\.$/)
  })

  test.each([
    [
      'other users',
      'CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, password TEXT)',
      'lacks the columns name, hashed_password, is_active, is_admin, created_at, updated_at,',
    ],
    [
      'other sessions',
      'CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id TEXT, created_at TEXT, expires_at TEXT)',
      'The table sessions lacks the column revoked_at,',
    ],
    [
      'another history',
      'CREATE TABLE schema_migrations (version INTEGER)',
      'The table schema_migrations is not the one',
    ],
    ['backtests without a seed', ledgerTable('backtests', 'seed'), 'The table backtests lacks the column seed,'],
    [
      'users counted in numbers',
      usersTable('id INTEGER PRIMARY KEY'),
      'The table users has no text as its primary key id,',
    ],
    ['users without a key', usersTable('id TEXT'), 'The table users has no text as its primary key id,'],
    [
      'users with a team',
      usersTable('id TEXT PRIMARY KEY, team TEXT NOT NULL'),
      'The table users demands the column team,',
    ],
    [
      'one address twice',
      `${usersTable('id TEXT PRIMARY KEY')}; INSERT INTO users (id, email) VALUES (1, 'a@b.c'), (2, 'a@b.c')`,
      'Two rows of the table users have the same e-mail address,',
    ],
  ])('%s', async (_, script, reason) => {
    const place = await placeFor('aurelius.db')
    await makeSqliteFile(place.file, `CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine'); ${script}`)

    await expectRefusedUntouched(
      place,
      78,
      /so Aurelius cannot take this database over: .*DB_STORAGE.* Nothing was changed\.$/,
    )

    expect((await failedStart(place.config, place.secrets)).message).toContain(reason)
    const other = await openSqliteFile(place.file)
    expect(await other.all('SELECT * FROM notes')).toEqual([{ text: 'mine' }])
    await other.close()
  })
})

function usersTable(id: string): string {
  return `CREATE TABLE users (${id}, email TEXT, name TEXT, hashed_password TEXT, is_active BOOLEAN, is_admin BOOLEAN, created_at DATETIME, updated_at DATETIME)`
}

function ledgerTable(table: string, without: string): string {
  const columns =
    'id TEXT PRIMARY KEY, strategy_id, start_date, end_date, initial_capital, instruments, seed, data_source, status, error_message, metrics, trades, equity_curve, created_at, completed_at, duration_seconds'
  return `CREATE TABLE ${table} (${columns.replace(` ${without},`, '')})`
}
