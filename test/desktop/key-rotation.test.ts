import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { SigningKeyList } from '../../contracts/signing-keys'
import type { DesktopSession } from '../support/desktop-session'
import { aureliusIn } from '../support/run-cli'
import { makeSqliteFile } from '../support/sqlite-file'
import { connect } from '../support/test-client'
import { readToken } from '../support/tokens'
import { killServer, launch, ROOT, register, startSession } from './launch'

const PATIENCE = { timeout: 45_000, interval: 500 }

const originOf = (session: DesktopSession): string =>
  JSON.parse(readFileSync(join(session.dataFolder, 'runtime.json'), 'utf8')).origin

/** A new access token, as the page gets one. */
const renewed = (page: Page): Promise<string> =>
  page.evaluate(async () => (await (await fetch('/api/auth/refresh', { method: 'POST' })).json()).access_token)

const keyOf = (token: string) => readToken(token).header.kid

test('“aurelius keys rotate” reaches the running app: the new key signs, the old one checks, also after a crash', async () => {
  const session = await startSession()
  const { page, app } = await launch(session)
  await register(page)
  const before = await renewed(page)
  const verify = async (token: string) => (await connect(originOf(session), token).get('/api/auth/verify')).status

  const told = await aureliusIn(session, ['keys', 'rotate', '--json'])

  expect(told).toMatchObject({ exitCode: 0, stderr: '' })
  const { signing_keys: keys }: SigningKeyList = JSON.parse(told.stdout)
  expect(keys.map(({ state }) => state)).toEqual(['next', 'current'])
  expect(keys[1]?.id).toBe(keyOf(before))
  const secrets = await Promise.all(
    ['signing-key', `signing-key-${keys[0]?.id}`].map(async (account) => (await session.secret(account)) ?? ''),
  )
  for (const secret of secrets) {
    expect(secret).toMatch(/^[\w-]{43}\.\d+$/)
    expect(told.stdout).not.toContain(secret.slice(0, 43))
  }
  await expect.poll(async () => keyOf(await renewed(page)), PATIENCE).toBe(keys[0]?.id)
  const after = await renewed(page)
  expect([await verify(before), await verify(after)]).toEqual([200, 200])

  await killServer(app)
  await expect.poll(async () => verify(after).catch(() => 0), PATIENCE).toBe(200)
  expect([keyOf(await renewed(page)), await verify(before)]).toEqual([keys[0]?.id, 200])
})

test('an administrator rotates the key of the desktop over the API, and the keychain holds the new one', async () => {
  const session = await startSession()
  const { page } = await launch(session)
  await register(page)
  await makeSqliteFile(join(session.dataFolder, 'aurelius.db'), "UPDATE users SET role = 'admin', is_admin = 1")
  const admin = connect(originOf(session), await renewed(page))

  const { status, body } = await admin.post('/api/admin/signing-keys/rotate')

  expect([status, body.total, body.kept_in]).toEqual([200, 2, 'keychain'])
  expect(await session.secret(`signing-key-${body.signing_keys[0].id}`)).toMatch(/^[\w-]{43}\.\d+$/)
  await session.restartKeychain('absent')
  await expect.poll(async () => (await admin.post('/api/admin/signing-keys/rotate')).status, PATIENCE).toBe(503)
})

test('a headless server with a keychain takes a new key up too', async () => {
  const session = await startSession()
  const run = session.asUser(process.execPath, [join(ROOT, 'dist', 'main', 'serve.cjs')])
  const server = spawn(run.command, run.args, {
    cwd: session.env.HOME,
    env: { ...session.env, PORT: '0', BCRYPT_ROUNDS: '10' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  server.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await ended
  })
  await expect.poll(() => said, PATIENCE).toContain('Aurelius is ready')
  const client = connect(originOf(session))
  const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
  const first = await client.register(ada)

  const told = await aureliusIn(session, ['keys', 'rotate'])

  expect(told).toMatchObject({ exitCode: 0, stderr: '' })
  expect(told.stdout).toContain('takes it up by itself')
  await expect.poll(async () => keyOf((await client.login(ada)).token), PATIENCE).not.toBe(keyOf(first.token))
  expect((await first.get('/api/auth/verify')).status).toBe(200)
})

test('without a keychain the command says so, and with a key that is a setting it says where that is changed', async () => {
  const session = await startSession('absent')

  expect(await aureliusIn(session, ['keys', 'rotate'])).toEqual({
    exitCode: 69,
    stdout: '',
    stderr: expect.stringMatching(/^Aurelius found no keychain on this computer: [^\n]+\.\n$/),
  })
  const setting = await aureliusIn(session, ['keys', 'rotate'], { SECRET_KEY: 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E' })
  expect(setting).toMatchObject({ exitCode: 78, stdout: '', stderr: expect.stringContaining('SECRET_KEY_PREVIOUS') })
})
