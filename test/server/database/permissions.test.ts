import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../../migrations'
import { builtFile } from '../../../server/built-file'
import { readLog } from '../../support/beside'
import { openTestDatabase } from '../../support/open-test-database'
import { asOrdinaryUser } from '../../support/ordinary-user'
import { startTestServer, testConfig } from '../../support/start-test-server'

const modeOf = (file: string) => statSync(file).mode & 0o777

async function databaseFile(history = migrations) {
  const place = await testConfig()
  const file = join(place.folder, 'data', 'aurelius.db')
  const config = { ...place.config, database: { dialect: 'sqlite' as const, storage: file, echo: false } }
  const database = await openTestDatabase({ ...place, config }, { migrations: history })
  await database.close()
  return { ...place, config, file }
}

/** The built headless server, run by somebody who is bound by permissions, on a database it cannot use. */
async function refusalOfServe(file: string): Promise<{ exitCode: number | null; message: string }> {
  const [command, args] = asOrdinaryUser(process.execPath, [builtFile('main/serve.cjs')])
  const home = join(dirname(dirname(file)), 'home')
  mkdirSync(home)
  const child = spawn(command, args, {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CONFIG_HOME: home,
      DB_STORAGE: file,
      SECRET_KEY: randomBytes(32).toString('hex'),
      PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let message = ''
  child.stderr.on('data', (chunk) => {
    message += chunk
  })
  const [exitCode] = await once(child, 'close')
  return { exitCode, message: message.trim() }
}

test('a database that is read-only is left alone', async () => {
  const { file } = await databaseFile()
  const before = readFileSync(file)
  chmodSync(file, 0o400)

  const refusal = await refusalOfServe(file)

  expect(refusal).toEqual({
    exitCode: 77,
    message: `The database ${file} cannot be written: give yourself write access to it and to its folder.`,
  })
  expect(readFileSync(file)).toEqual(before)
})

test.each([
  ['is to be made', 'new.db', migrations],
  ['is up to date', 'aurelius.db', migrations],
  ['is to be migrated', 'aurelius.db', migrations.slice(0, 2)],
])('a folder that is read-only, where the database %s, is left alone', async (_, name, history) => {
  const { file } = await databaseFile(history)
  const before = readFileSync(file)
  const folder = dirname(file)
  const names = readdirSync(folder)
  chmodSync(folder, 0o500)

  const { exitCode, message } = await refusalOfServe(join(folder, name))
  chmodSync(folder, 0o700)

  expect([73, 77]).toContain(exitCode)
  expect(message).toMatch(/^The database .* (cannot be written|cannot be opened or created there): .*\.$/)
  expect(readFileSync(file)).toEqual(before)
  expect(readdirSync(folder)).toEqual(names)
})

test('what a server keeps on disk is for its owner alone, whatever the umask', async () => {
  const { config, secrets, folder } = await databaseFile(migrations.slice(0, 2))
  const before = process.umask(0)
  try {
    const server = await startTestServer({ config, secrets })
    await server.signUp()

    const data = join(folder, 'data')
    const files = ['aurelius.db', 'aurelius.db-wal', 'aurelius.db-shm', 'aurelius.db.lock']
    const [copy = ''] = readdirSync(join(data, 'backups'))
    expect(files.map((name) => [name, modeOf(join(data, name))])).toEqual(files.map((name) => [name, 0o600]))
    expect(modeOf(join(data, 'backups', copy))).toBe(0o600)
    expect([data, join(data, 'backups')].map(modeOf)).toEqual([0o700, 0o700])
  } finally {
    process.umask(before)
  }
})

test('a database that others may read is closed to them at the start, and the log says so', async () => {
  const { config, secrets, file, folder } = await databaseFile()
  chmodSync(file, 0o664)

  const first = await startTestServer({ config, secrets })
  expect(modeOf(file)).toBe(0o600)
  await first.close()
  const second = await startTestServer({ config, secrets })

  const { text } = await readLog({ close: second.close, folder })
  expect(text.split('others could read the database file').length).toBe(2)
})
