import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { ApiKey } from '../../contracts/api-keys'
import type { DesktopSession } from '../support/desktop-session'
import { enrolled } from '../support/protected-account'
import { aureliusIn, type CliRun, run } from '../support/run-cli'
import { startTestServer, type TestServer } from '../support/start-test-server'
import type { TestClient } from '../support/test-client'
import { startSession } from './launch'

const SECRET = /aur_[0-9A-Za-z]{49}/

interface Machine {
  session: DesktopSession
  server: TestServer
  ada: TestClient
  clock: { ahead: number }
  run(words: string[], ...lines: string[]): Promise<CliRun>
  keys(): Promise<ApiKey[]>
  /** A script of the person's own; answers where it lies. */
  script(name: string, text: string): string
}

/** A computer with a keychain, a server that runs on it, and somebody who has an account there. */
async function startMachine(): Promise<Machine> {
  const session = await startSession()
  const clock = { ahead: 0 }
  const runtimeFile = join(session.dataFolder, 'runtime.json')
  const server = await startTestServer({ config: { runtimeFile }, now: () => Date.now() + clock.ahead })
  const ada = await server.signUp('Ada')
  return {
    session,
    server,
    ada,
    clock,
    run: (words, ...lines) =>
      aureliusIn(session, words, {}, lines.length > 0 ? lines.map((line) => `${line}\n`).join('') : undefined),
    keys: async () => (await (await ada.login(ada.account)).get('/api/auth/keys')).body.api_keys,
    script(name, text) {
      const file = join(session.env.HOME ?? '', name)
      writeFileSync(file, text, { mode: 0o755 })
      return file
    },
  }
}

async function signIn({ run, ada }: Machine): Promise<void> {
  const { email, password } = ada.account
  expect(await run(['login', '--email', email], password)).toEqual({
    exitCode: 0,
    stdout: `You are signed in as ${email}.\n`,
    stderr: '',
  })
}

/** SHA-256 of the key that the Python client finds in the keychain. */
async function findInPython({ session }: Machine, name: string): Promise<string> {
  const script =
    'import aurelius, hashlib, sys; print(hashlib.sha256(aurelius.Client(key_name=sys.argv[1])._key.encode()).hexdigest())'
  const { command, args } = session.asUser('python3', ['-B', '-c', script, name])
  const env = { ...session.env, PYTHONPATH: resolve(import.meta.dirname, '../../clients/python') }
  const { stdout, stderr } = await run(command, args, { env, cwd: session.env.HOME })
  return stdout.trim() || stderr
}

const SHOW = `
const key = process.env.AURELIUS_API_KEY
fetch(process.env.AURELIUS_URL + '/api/auth/me/permissions', { headers: { authorization: 'Bearer ' + key } })
  .then(async (reply) => console.log(JSON.stringify({ status: reply.status, argv: process.argv.slice(2), key })))
  .then(() => process.exit(Number(process.argv[2] ?? 0)))
`

test('who signs in stays signed in by the keychain, under their own name in the list, until they sign out', async () => {
  const machine = await startMachine()
  await signIn(machine)

  expect((await machine.run(['keys', 'list'])).stdout).toBe('You have no API keys.\n')
  machine.clock.ahead = 13 * 86_400_000
  expect((await machine.run(['keys', 'list'])).stdout).toBe('You have no API keys.\n')
  const ada = await machine.ada.login(machine.ada.account)
  const { sessions } = (await ada.get('/api/auth/sessions')).body
  expect(sessions.map(({ device }: { device: string }) => device)).toContain('Aurelius command line on Linux')
  expect(await machine.run(['logout'])).toMatchObject({ exitCode: 0 })

  expect(await machine.run(['keys', 'list'])).toEqual({
    exitCode: 77,
    stdout: '',
    stderr: 'You are not signed in at the command line: run aurelius login.\n',
  })
})

test('an account with a second factor is asked for its code', async () => {
  const machine = await startMachine()
  const { recoveryCodes } = await enrolled(machine.ada, Date.now)
  const { email, password } = machine.ada.account

  expect(await machine.run(['login'], email, password, recoveryCodes[0] ?? '')).toMatchObject({ exitCode: 0 })
  expect(await machine.run(['login'], email, password, '000000')).toMatchObject({ exitCode: 65, stdout: '' })
})

test.each<[string, (machine: Machine) => string[], string[], number, RegExp]>([
  ['a wrong password', ({ ada }) => ['login', '--email', ada.account.email], ['not my password'], 77, /not right/],
  ['nobody to ask', () => ['login'], [], 64, /^There is nobody to ask/],
  ['no name', () => ['keys', 'create'], [], 64, /--for/],
  [
    'a scope for people',
    () => ['keys', 'create', '--for', 'x', '--scope', 'users:manage'],
    [],
    64,
    /can be given these/,
  ],
  ['nobody signed in', () => ['run', 'script.py'], [], 77, /not signed in/],
  ['a key that is not kept', () => ['run', '--key', 'x', 'script.py'], [], 66, /keeps no API key/],
])('%s ends with a sentence, and the keychain keeps nothing', async (_what, words, lines, exitCode, sentence) => {
  const machine = await startMachine()

  const told = await machine.run(words(machine), ...lines)

  expect(told).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(sentence) })
  expect(await machine.keys()).toEqual([])
})

test('a key goes into the keychain without being shown; it is listed, rotated, lent to a script and revoked', async () => {
  const machine = await startMachine()
  const { run, keys, server } = machine
  await signIn(machine)
  const file = machine.script('show.js', SHOW)

  const made = await run(['keys', 'create', '--for', 'my-script', '--scope', 'account:read', 'ledger:write'])

  expect(made).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await keys()).toMatchObject([{ name: 'my-script', scopes: ['account:read', 'ledger:write'] }])
  expect((await run(['keys', 'list'])).stdout).toMatch(/my-script +aur_\w{4}… +account:read ledger:write/)
  const first = JSON.parse((await run(['run', '--key', 'my-script', file])).stdout)
  expect(first).toMatchObject({ status: 200, key: expect.stringMatching(SECRET) })
  expect(await run(['strategies', 'create', 'Carry', '--type', 'fx', '--key', 'my-script'])).toMatchObject({
    exitCode: 0,
  })
  expect((await run(['strategies', 'list'])).stdout).toMatch(/\nCarry +fx +research/)
  expect(await findInPython(machine, 'my-script')).toBe(createHash('sha256').update(first.key).digest('hex'))

  expect(await run(['keys', 'rotate', 'my-script', '--grace-hours', '1'])).toMatchObject({ exitCode: 0 })
  const second = JSON.parse((await run(['run', '--key', 'my-script', file])).stdout)
  expect(second.key).not.toBe(first.key)
  const status = async (key: string) => (await server.client.withToken(key).get('/api/auth/verify')).status
  expect(await Promise.all([first.key, second.key].map(status))).toEqual([200, 200])
  expect((await run(['keys', 'list', '--json'])).stdout).not.toMatch(SECRET)

  expect(await run(['keys', 'revoke', 'my-script'])).toMatchObject({ exitCode: 0 })
  expect(await Promise.all([first.key, second.key].map(status))).toEqual([401, 401])
  expect(await run(['run', '--key', 'my-script', file])).toMatchObject({ exitCode: 66 })
  for (const { stdout, stderr } of [made]) expect(stdout + stderr).not.toMatch(SECRET)
  expect(await run(['keys', 'revoke', 'my-script'])).toMatchObject({ exitCode: 66, stdout: '' })
})

test('a script runs with a key of its own, its words and its exit code untouched, and the key ends with it', async () => {
  const machine = await startMachine()
  await signIn(machine)
  const file = machine.script('show.js', SHOW)

  const told = await machine.run(['run', '--scope', 'account:read', file, '3', '--scope', '--help', '-x'])

  expect(told).toMatchObject({ exitCode: 3, stderr: '' })
  const { status, argv, key } = JSON.parse(told.stdout)
  expect({ status, argv }).toEqual({ status: 200, argv: ['3', '--scope', '--help', '-x'] })
  expect(key).toMatch(SECRET)
  expect((await machine.server.client.withToken(key).get('/api/auth/verify')).status).toBe(401)
  expect(await machine.keys()).toEqual([])
})

test('the key of a script lasts an hour at most, reads only unless more is said, and is in no argument', async () => {
  const machine = await startMachine()
  await signIn(machine)
  const file = machine.script(
    'look.py',
    `import json, os
from urllib.request import Request, urlopen
print(json.dumps([os.environ["AURELIUS_API_KEY"], os.environ["AURELIUS_URL"], open(f"/proc/{os.getppid()}/cmdline").read(), open("/proc/self/cmdline").read()]))
import time; time.sleep(0.1)`,
  )
  const { read } = await import('../support/beside').then(({ openBeside }) => openBeside(machine.server))

  const [key, url, ...commandLines] = JSON.parse((await machine.run(['run', file])).stdout)

  expect(url).toBe(machine.server.origin)
  expect(commandLines.join(' ')).not.toContain(key)
  const rows = await read('SELECT name, scopes, life_seconds, revoked_at FROM api_keys')
  expect(rows).toMatchObject([{ scopes: 'ledger:read', life_seconds: 3600, revoked_at: expect.anything() }])
  expect(String(rows[0]?.name)).toMatch(/^run look\.py [0-9a-f]{8}$/)
})

test('a script that is ended by a signal, or cannot be started, leaves no key behind', async () => {
  const machine = await startMachine()
  await signIn(machine)
  const file = machine.script('die.js', "process.kill(process.pid, 'SIGTERM'); setTimeout(() => undefined, 60000)")

  expect(await machine.run(['run', file])).toMatchObject({ exitCode: 143, stderr: '' })
  // Its parent is the command itself, which hands the signal on and waits.
  const parent = machine.script(
    'parent.js',
    "process.on('SIGTERM', () => process.exit(5)); process.kill(process.ppid, 'SIGTERM'); setTimeout(() => undefined, 60000)",
  )
  expect(await machine.run(['run', parent])).toMatchObject({ exitCode: 5, stderr: '' })
  expect(await machine.run(['run', './there-is-none'])).toMatchObject({
    exitCode: 69,
    stderr: 'There is no program ./there-is-none here that could be started.\n',
  })
  expect(await machine.keys()).toEqual([])
})

test('a scope that changes something asks for the password when the sign-in is old', async () => {
  const machine = await startMachine()
  await signIn(machine)
  const file = machine.script('show.js', SHOW)
  machine.clock.ahead = 6 * 60_000
  const words = ['run', '--scope', 'account:read,ledger:write', file]

  expect(await machine.run(words)).toMatchObject({ exitCode: 64, stdout: '' })
  expect(await machine.run(words, machine.ada.account.password)).toMatchObject({ exitCode: 0 })
  expect(await machine.run(['run', '--scope', 'account:read', file])).toMatchObject({ exitCode: 0 })
})

test('without a keychain nobody is signed in, here or at the server', async () => {
  const machine = await startMachine()
  await machine.session.restartKeychain('absent')
  const { email, password } = machine.ada.account

  const told = await machine.run(['login', '--email', email], password)

  expect(told).toMatchObject({ exitCode: 69, stdout: '', stderr: expect.stringContaining('keychain') })
  const ada = await machine.ada.login(machine.ada.account)
  expect(JSON.stringify((await ada.get('/api/auth/sessions')).body)).not.toContain('command line')
})
