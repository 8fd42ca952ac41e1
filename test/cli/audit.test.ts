import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileAuditHeads } from '../../server/audit-heads'
import { readConfig, type ServerSecrets } from '../../server/config'
import { openAuditLog } from '../support/audit-log'
import { newFolder } from '../support/new-folder'
import { aurelius, settingsOf } from '../support/run-cli'
import { DIALECTS, startTestServer } from '../support/start-test-server'

const SECRET_KEY = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'

/** A server that has stopped, and the command on its database, with its key. */
async function start(dialect: 'sqlite' | 'postgres' = 'sqlite') {
  const folder = newFolder()
  const dataFolder = join(folder, 'Aurelius')
  const surroundings = { version: '', dataFolder, logFolder: null, rendererFolder: null, portTaken: 'refuse' } as const
  const { signingKeys, dataKey } = readConfig({ SECRET_KEY }, surroundings).secrets as ServerSecrets
  const auditHeads = fileAuditHeads(dataFolder)
  const server = await startTestServer({ dialect, secrets: { signingKeys, dataKey }, auditHeads })
  const log = await openAuditLog(server)
  await server.signUp('Ada')
  await server.signUp('Bob')
  await server.close()
  const environment = { ...settingsOf(server), SECRET_KEY }
  const audit = (words: string[], other: Record<string, string> = {}) =>
    aurelius(['audit', ...words], { folder, environment: { ...environment, ...other } })
  return { log, folder, audit }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('verify says that the log is whole and what it was held against', async () => {
    const { audit, log } = await start(dialect)
    const head = (await log.entries()).at(-1)

    const told = await audit(['verify'])
    const asJson = await audit(['verify', '--json'])

    expect(told).toMatchObject({ exitCode: 0, stderr: '' })
    expect(told.stdout).toBe(
      `4 entries intact.\nHeld against a sealed file, which remembers up to entry 4.\nHead: entry 4, ${head?.hash}\n`,
    )
    expect(JSON.parse(asJson.stdout)).toMatchObject({ is_intact: true, entries: 4, mirror: { place: 'file', seq: 4 } })
    expect(await log.entries()).toHaveLength(4)
  })

  test('verify names the first bad entry, and fails', async () => {
    const { audit, log } = await start(dialect)
    await log.removeGuards()
    await log.change('DELETE FROM audit_log WHERE seq = 2')

    const told = await audit(['verify'])

    expect(told).toMatchObject({ exitCode: 65, stderr: 'Entry 2 is missing.\n' })
    expect(told.stdout).toContain('3 entries checked.')
  })

  test('an export is verified later on another machine, without a database, and against the one before', async () => {
    const { audit, folder, log } = await start(dialect)
    const first = await audit(['export', 'first.jsonl'])
    await log.database.write(async (transaction) => {
      const by = { kind: 'server', userId: null, credentialId: null, origin: null } as const
      log.audit.record({ action: 'session.revoked', by }, transaction)
    })
    const second = await audit(['export', 'second.jsonl'])
    const nowhere = { DB_DIALECT: 'sqlite', DB_STORAGE: join(folder, 'none.db') }

    const whole = await audit(['verify', 'second.jsonl', '--earlier', 'first.jsonl'], nowhere)
    const shorter = await audit(['verify', 'first.jsonl', '--earlier', 'second.jsonl'], nowhere)
    const changed = readFileSync(join(folder, 'first.jsonl'), 'utf8').replace('"seq":3', '"seq":9')
    writeFileSync(join(folder, 'changed.jsonl'), changed)
    const refused = await audit(['verify', 'changed.jsonl'], nowhere)

    expect([first.exitCode, second.exitCode]).toEqual([0, 0])
    expect(whole).toMatchObject({ exitCode: 0, stderr: '' })
    expect(whole.stdout).toContain('5 entries intact.')
    expect(shorter).toMatchObject({ exitCode: 65, stderr: expect.stringContaining('Entry 5 and those after it') })
    expect(refused).toMatchObject({ exitCode: 65, stderr: 'Entry 3 is missing.\n' })
    expect(existsSync(join(folder, 'none.db'))).toBe(false)
  })
})

test('a log without entries is whole in a new database, and in one with people taken over, but not after an event', async () => {
  const { audit, log, folder } = await start()
  await log.removeGuards()
  const forget = ['audit_log', 'sessions', 'api_keys', 'ledger_events', 'refresh_tokens']
  await log.change('DELETE FROM audit_log')
  await log.change('DELETE FROM audit_head')
  rmSync(join(folder, 'Aurelius'), { recursive: true })

  const emptied = await audit(['verify'])
  await audit(['export', 'emptied.jsonl'])
  const exported = await audit(['verify', 'emptied.jsonl'])
  await log.change(
    `INSERT INTO audit_head (id, seq, key_id, hash, mac) VALUES ('head', 0, '', '${'0'.repeat(64)}', '')`,
  )
  const withHead = await audit(['verify'])
  for (const table of forget) await log.change(`DELETE FROM ${table}`)
  const withPeople = await audit(['verify'])
  await log.change("UPDATE users SET hashed_password = '$2b$12$' || email")
  const takenOver = await audit(['verify'])
  await log.change('DELETE FROM users')
  const empty = await audit(['verify'])

  const sentence = 'The audit log is empty, but the database holds accounts or work that it should tell of.\n'
  for (const told of [emptied, exported, withHead, withPeople])
    expect(told).toMatchObject({ exitCode: 65, stderr: sentence })
  for (const told of [takenOver, empty])
    expect(told).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 entries intact.') })
})

test('with another key at hand the hashes are checked and the seals are not', async () => {
  const { audit } = await start()

  const told = await audit(['verify'], { SECRET_KEY: 'another-Zq7Wb9TnR5sLd1FgHj4MpCa8E' })

  expect(told.exitCode).toBe(0)
  expect(told.stdout).toContain('The seals of 4 entries were made with a key that is not here')
})

test('the log goes to the screen as CSV, and into a file that nobody else may read', async () => {
  const { audit, folder } = await start()

  const told = await audit(['export', '--format', 'csv'])
  await audit(['export', 'log.jsonl'])

  expect(told.stdout).toMatch(/^seq,occurred_at,action,/)
  expect(told.stdout.trimEnd().split('\r\n')).toHaveLength(5)
  expect(readFileSync(join(folder, 'log.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6)
})

test.each<[string, string[], number, RegExp]>([
  ['a file that is not there', ['verify', 'none.jsonl'], 66, /none\.jsonl cannot be read\.\n$/],
  ['a file that is no export', ['verify', '.env'], 65, /no export of an audit log/],
  ['only an earlier export', ['verify', '--earlier', 'x.jsonl'], 64, /Give the later export as well/],
  ['a file that is there already', ['export', '.env'], 73, /There is a file .*\.env already: choose another name/],
  [
    'a folder that is not there',
    ['export', 'none/log.jsonl'],
    73,
    /cannot be written because its folder is not there: make the folder/,
  ],
  ['an unknown format', ['export', '--format', 'xml'], 64, /Allowed choices are jsonl, csv/],
])('%s is refused in one sentence', async (_what, words, exitCode, sentence) => {
  const { audit, folder } = await start()
  writeFileSync(join(folder, '.env'), 'LOG_LEVEL=info\n')

  const told = await audit(words)

  expect(told).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(sentence) })
  expect(told.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(readFileSync(join(folder, '.env'), 'utf8')).toBe('LOG_LEVEL=info\n')
})
