import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { managedUserList, managedUserReply } from '../../contracts/admin'
import { openAuditLog } from '../support/audit-log'
import { openBeside } from '../support/beside'
import { startMailServer } from '../support/mail-server'
import { newFolder } from '../support/new-folder'
import { enrolled } from '../support/protected-account'
import { aurelius, CLI_PROGRAM, type CliOptions, settingsOf } from '../support/run-cli'
import { makeSqliteFile } from '../support/sqlite-file'
import { DIALECTS, startTestServer, type TestServer } from '../support/start-test-server'
import type { TestClient } from '../support/test-client'

const SECRET_KEY = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'
const NEW_PASSWORD = 'Marker of a new password'
const PATIENCE = { timeout: 10_000 }

const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const signIn = async ({ client }: TestServer, { account }: TestClient, password = account.password) =>
  (await client.post('/api/auth/login', { email: account.email, password })).status

/** The command beside a running server, on its database. */
async function start(dialect: 'sqlite' | 'postgres' = 'sqlite') {
  const server = await startTestServer({ dialect })
  const environment = { ...settingsOf(server), SECRET_KEY, BCRYPT_ROUNDS: '10' }
  const users = (words: string[], options: CliOptions = {}) =>
    aurelius(['users', ...words], { environment, ...options })
  return { server, environment, users, ada: await server.signUp('Ada'), bob: await server.signUp('Bob') }
}

describe.each(DIALECTS)('on %s, beside a running server', (dialect) => {
  test('accounts are listed for people and as JSON, and found', async () => {
    const { users, ada, bob, server } = await start(dialect)
    await server.client.login(ada.account)

    const told = await users(['list'])
    const { total, users: found } = managedUserList
      .omit({ next_cursor: true })
      .parse(JSON.parse((await users(['list', '--json'])).stdout))
    const searched = JSON.parse((await users(['list', '--json', '--search', 'BOB'])).stdout)

    expect(told).toMatchObject({ exitCode: 0, stderr: '' })
    expect(told.stdout.split('\n')[0]).toMatch(/^E-MAIL +NAME +ROLE +ACTIVE +SESSIONS +LAST SEEN$/)
    expect(told.stdout).toMatch(new RegExp(`^${ada.account.email} +Ada +Analyst +yes +2 +20`, 'm'))
    expect(total).toBe(2)
    expect(found).toMatchObject([
      { email: ada.account.email, role: 'analyst', is_active: true, sessions: 2 },
      { email: bob.account.email, sessions: 1 },
    ])
    expect(searched.users.map(({ email }: { email: string }) => email)).toEqual([bob.account.email])
    expect((await users(['list', '--search', 'nobody at all'])).stdout).toBe('Nobody is found.\n')
    expect((await users(['list', '--role', 'admin', '--json'])).stdout).toBe('{"users":[],"total":0}\n')
  })

  test('a promotion and a demotion are felt at once, and written down', async () => {
    const { server, users, ada, bob } = await start(dialect)
    const { email } = ada.account

    expect(await users(['promote', email.toUpperCase()])).toEqual({
      exitCode: 0,
      stdout: `${email} is an administrator now.\n`,
      stderr: '',
    })
    await expect.poll(() => statusOf(ada), PATIENCE).toBe(401)
    const admin = await server.client.login(ada.account)
    expect((await admin.get('/api/admin/signing-keys')).status).toBe(200)
    expect((await users(['promote', email])).stdout).toBe(`${email} has that role already: Administrator.\n`)

    const promoted = await users(['promote', bob.account.email, '--role', 'reviewer', '--json'])
    expect(managedUserReply.parse(JSON.parse(promoted.stdout)).user).toMatchObject({ role: 'reviewer' })
    expect(await users(['promote', bob.account.email])).toMatchObject({ exitCode: 0 })
    expect((await users(['demote', email])).stdout).toBe(`${email} is an analyst now.\n`)
    await expect.poll(() => statusOf(admin), PATIENCE).toBe(401)
    expect(await signIn(server, ada)).toBe(200)

    const { entries } = await openAuditLog(server)
    const changes = (await entries()).filter(({ action }) => action === 'user.role_changed')
    expect(changes.map(({ details }) => details)).toEqual([
      { from: 'analyst', to: 'admin' },
      { from: 'analyst', to: 'reviewer' },
      { from: 'reviewer', to: 'admin' },
      { from: 'admin', to: 'analyst' },
    ])
    for (const { actor_kind, actor_id, outcome } of changes)
      expect({ actor_kind, actor_id, outcome }).toEqual({
        actor_kind: 'command_line',
        actor_id: null,
        outcome: 'success',
      })
  })

  test('a deactivated account is out at once, and in again when it is activated', async () => {
    const { server, users, ada, bob } = await start(dialect)
    const { email } = ada.account

    expect(await users(['deactivate', email])).toMatchObject({
      exitCode: 0,
      stdout: `The account of ${email} is not active any more, and their sessions have ended.\n`,
    })
    await expect.poll(() => statusOf(ada), PATIENCE).toBe(401)
    expect([await signIn(server, ada), await statusOf(bob)]).toEqual([403, 200])
    expect((await users(['list', '--status', 'inactive'])).stdout).toContain(email)

    expect(await users(['activate', email])).toMatchObject({ exitCode: 0 })
    expect(await signIn(server, ada)).toBe(200)
    expect((await users(['activate', email])).stdout).toBe(`The account of ${email} is active already.\n`)
  })

  test('a new password from standard input ends every session of its owner, and shows nowhere', async () => {
    const { server, users, ada, bob } = await start(dialect)
    const { email } = ada.account

    const told = await users(['reset-password', email, '--stdin'], { input: `${NEW_PASSWORD}\n` })

    expect(told).toEqual({
      exitCode: 0,
      stdout: `${email} has a new password, and their sessions have ended.\n`,
      stderr: '',
    })
    await expect.poll(() => statusOf(ada), PATIENCE).toBe(401)
    expect(await statusOf(bob)).toBe(200)
    expect([await signIn(server, ada), await signIn(server, ada, NEW_PASSWORD)]).toEqual([401, 200])
    const { entries } = await openAuditLog(server)
    const reset = (await entries()).find(({ action }) => action === 'account.password_reset')
    expect(reset).toMatchObject({ actor_kind: 'command_line', outcome: 'success' })
    expect(JSON.stringify(await entries())).not.toContain('Marker')
  })

  test('a lost second factor is taken off, and there the password signs in again', async () => {
    const { server, users, ada } = await start(dialect)
    const { email } = ada.account
    const protectedAda = await enrolled(ada, Date.now)
    expect(await signIn(server, ada)).toBe(401)

    const told = await users(['reset-factors', email])

    expect(told).toMatchObject({ exitCode: 0, stderr: '' })
    expect(told.stdout).toBe(`${email} signs in with the password alone from now on, and their sessions have ended.\n`)
    await expect.poll(() => statusOf(ada), PATIENCE).toBe(401)
    expect(await signIn(server, ada)).toBe(200)
    expect((await users(['reset-factors', email])).stdout).toBe(`${email} has no second factor.\n`)
    expect(protectedAda.recoveryCodes).toHaveLength(10)
  })

  test('where mail is sent, the owner is told before the command ends', async () => {
    const { environment, ada } = await start(dialect)
    const { email } = ada.account
    await enrolled(ada, Date.now)
    const mails = await startMailServer()
    const mail = {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mails.config.port),
      SMTP_TLS: 'none',
      SMTP_FROM: 'aurelius@research.example',
      PUBLIC_URL: 'https://research.example',
      ALLOWED_HOSTS: 'research.example',
    }
    const change = (words: string[], options: CliOptions = {}) =>
      aurelius(['users', ...words], { environment: { ...environment, ...mail }, ...options })

    expect(await change(['reset-factors', email])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(mails.received).toMatchObject([
      { to: [email], subject: 'The second factor of your Aurelius account was reset' },
    ])
    await change(['reset-password', email, '--stdin'], { input: `${NEW_PASSWORD}\n` })
    expect(mails.received[1]).toMatchObject({ to: [email], subject: 'Your Aurelius password was changed' })
    expect(JSON.stringify(mails.received)).not.toContain('Marker')
  })

  test('the only administrator stays one', async () => {
    const { users, ada } = await start(dialect)
    const { email } = ada.account
    await users(['promote', email])

    for (const words of [
      ['demote', email],
      ['deactivate', email],
    ])
      expect(await users(words)).toEqual({
        exitCode: 77,
        stdout: '',
        stderr: 'This is the only administrator: make somebody else an administrator first.\n',
      })
    expect(JSON.parse((await users(['list', '--json', '--role', 'admin'])).stdout).total).toBe(1)
  })
})

describe('what is refused', () => {
  test.each<[string, (email: string) => string[], string | undefined, number, string]>([
    [
      'nobody of that name',
      () => ['promote', 'nobody@example.com'],
      undefined,
      67,
      'There is no account with the e-mail address nobody@example.com.',
    ],
    [
      'an address that steers a terminal',
      () => ['promote', '\u001b[2J\u202ea'],
      undefined,
      67,
      'There is no account with the e-mail address \ufffd[2J\ufffda.',
    ],
    [
      'a demotion that would be a promotion',
      (email) => ['demote', email, '--role', 'admin'],
      undefined,
      65,
      '{email} is an analyst: to make them an administrator, use aurelius users promote.',
    ],
    [
      'a promotion that would be a demotion',
      (email) => ['promote', email, '--role', 'viewer'],
      undefined,
      65,
      '{email} is an analyst: to make them a viewer, use aurelius users demote.',
    ],
    [
      'a role that is none',
      (email) => ['promote', email, '--role', 'emperor'],
      undefined,
      64,
      "Option '--role <role>' argument 'emperor' is invalid. Allowed choices are viewer, analyst, reviewer, admin; see aurelius users promote --help.",
    ],
    [
      'no address',
      () => ['promote'],
      undefined,
      64,
      "Missing required argument 'email'; see aurelius users promote --help.",
    ],
    [
      'a password as an argument',
      (email) => ['reset-password', email, 'Marker-1234'],
      undefined,
      64,
      "Too many arguments for 'reset-password'. Expected 1 argument but got 2; see aurelius users reset-password --help.",
    ],
    [
      'a password as an option',
      (email) => ['reset-password', email, '--password=Marker-1234'],
      undefined,
      64,
      "Unknown option '--password'; see aurelius users reset-password --help.",
    ],
    [
      'no terminal to ask on',
      (email) => ['reset-password', email],
      undefined,
      64,
      'There is no terminal to ask on: give the password on standard input, with --stdin.',
    ],
    [
      'an empty password',
      (email) => ['reset-password', email, '--stdin'],
      '\n',
      65,
      'Standard input must hold the password alone, on one line.',
    ],
    [
      'two lines',
      (email) => ['reset-password', email, '--stdin'],
      'Marker one\nMarker two\n',
      65,
      'Standard input must hold the password alone, on one line.',
    ],
    [
      'a short password',
      (email) => ['reset-password', email, '--stdin'],
      'Marker',
      65,
      'A password has at least 8 characters.',
    ],
    [
      'a password of the first guessed',
      (email) => ['reset-password', email, '--stdin'],
      'password123',
      65,
      'This password is one of the first that others would try: choose another one.',
    ],
  ])('%s', async (_what, words, input, exitCode, sentence) => {
    const { server, users, ada } = await start()
    const { email } = ada.account

    const plain = await users(words(email), { ...(input === undefined ? {} : { input }) })
    const json = await users([...words(email), '--json'], { ...(input === undefined ? {} : { input }) })

    expect(plain).toEqual({ exitCode, stdout: '', stderr: `${sentence.replace('{email}', email)}\n` })
    expect({ exitCode: json.exitCode, stdout: json.stdout }).toEqual({ exitCode, stdout: '' })
    expect(JSON.parse(json.stderr)).toEqual({ error: expect.any(String), exit_code: exitCode })
    expect(plain.stderr + json.stderr).not.toContain('Marker')
    expect([await statusOf(ada), await signIn(server, ada)]).toEqual([200, 200])
    const { read } = await openBeside(server)
    expect(await read("SELECT seq FROM audit_log WHERE actor_kind = 'command_line'")).toEqual([])
  })

  test('no database: none is made', async () => {
    const folder = newFolder()
    const missing = join(folder, 'missing.db')

    const run = await aurelius(['users', 'list', '--database', 'missing.db'], { folder, environment: { SECRET_KEY } })

    expect(run).toEqual({
      exitCode: 66,
      stdout: '',
      stderr: `There is no database at ${missing}: start Aurelius once, or name another file with --database.\n`,
    })
    expect(existsSync(missing)).toBe(false)
  })

  test.each([
    [
      'another program’s database',
      'CREATE TABLE notes (id TEXT); PRAGMA user_version = 7;',
      78,
      /not set up, or not updated yet/,
    ],
    [
      'a newer database',
      "CREATE TABLE schema_migrations (name TEXT PRIMARY KEY); INSERT INTO schema_migrations VALUES ('9999-later');",
      78,
      /written by a newer version/,
    ],
  ])('%s is left as it is', async (_what, script, exitCode, sentence) => {
    const folder = newFolder()
    await makeSqliteFile(join(folder, 'other.db'), script)

    const run = await aurelius(['users', 'list', '--database', 'other.db'], { folder, environment: { SECRET_KEY } })

    expect(run).toMatchObject({ exitCode, stdout: '' })
    expect(run.stderr).toMatch(sentence)
    expect(existsSync(join(folder, 'backups'))).toBe(false)
  })

  test('a file that is no database, and a Postgres that is not there', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'other.db'), 'no database at all, and long enough to tell')
    const nowhere = {
      DB_DIALECT: 'postgres',
      DB_HOST: '127.0.0.1',
      DB_PORT: '9',
      DB_NAME: 'x',
      DB_USER: 'x',
      SECRET_KEY,
    }

    const damaged = await aurelius(['users', 'list', '--database', 'other.db'], { folder, environment: { SECRET_KEY } })
    const away = await aurelius(['users', 'list'], { environment: { ...nowhere, DB_PASSWORD: 'Marker' } })

    expect(damaged).toMatchObject({ exitCode: 78, stdout: '', stderr: expect.stringContaining('is damaged') })
    expect(away).toMatchObject({ exitCode: 69, stdout: '', stderr: expect.stringContaining('does not answer') })
    expect(away.stderr).not.toContain('Marker')
  })
})

test('without a keychain the work is done, and it is said that nobody can check the seal', async () => {
  const { server, environment, ada } = await start()
  const { SECRET_KEY: _none, ...keyless } = environment

  const run = await aurelius(['users', 'promote', ada.account.email], { environment: keyless })

  expect(run).toMatchObject({ exitCode: 0, stdout: `${ada.account.email} is an administrator now.\n` })
  expect(run.stderr).toMatch(
    /^Entries in the audit log are sealed with a key that nobody keeps\. Aurelius found no keychain/,
  )
  const { entries } = await openAuditLog(server)
  expect((await entries()).at(-1)).toMatchObject({ action: 'user.role_changed', actor_kind: 'command_line' })
})

describe('asked for at a terminal', () => {
  test.each<[string, string[], string | RegExp, boolean]>([
    ['typed twice', [NEW_PASSWORD, NEW_PASSWORD], /has a new password/, true],
    ['typed with a slip', [`${NEW_PASSWORD}xx\u007f\u007f`, NEW_PASSWORD], /has a new password/, true],
    ['typed ahead, before the second question', [`${NEW_PASSWORD}\r${NEW_PASSWORD}`], /has a new password/, true],
    ['typed differently', [NEW_PASSWORD, `${NEW_PASSWORD}!`], 'The two passwords differ: nothing was changed.', false],
    ['given up', ['Marker\u0003'], 'Nothing was changed.', false],
  ])('%s', async (_what, answers, outcome, isChanged) => {
    const { server, environment, ada } = await start()

    const shown = await typed(['users', 'reset-password', ada.account.email], environment, answers)

    expect(shown).toContain('New password: ')
    expect(shown).toMatch(outcome)
    expect(shown).not.toContain('Marker')
    expect(await signIn(server, ada)).toBe(isChanged ? 401 : 200)
    expect(await signIn(server, ada, NEW_PASSWORD)).toBe(isChanged ? 200 : 401)
  })
})

/** Runs a command on a terminal of its own and types an answer to each question; what the terminal showed. */
async function typed(words: string[], environment: Record<string, string>, answers: string[]): Promise<string> {
  const command = [process.execPath, CLI_PROGRAM, ...words].map((word) => `'${word}'`).join(' ')
  const folder = newFolder()
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'xterm', ...environment },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let shown = ''
  child.stdout.on('data', (chunk) => {
    shown += chunk
  })
  for (const [index, answer] of answers.entries()) {
    await expect.poll(() => shown, PATIENCE).toContain(index === 0 ? 'New password: ' : 'The same again: ')
    child.stdin.write(`${answer}\r`)
  }
  await once(child, 'close')
  return shown
}
