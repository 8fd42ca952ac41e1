import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { auditHeadName } from '../../server/audit/mirror'
import type { DesktopSession } from '../support/desktop-session'
import { connect } from '../support/test-client'
import { ROOT, startSession } from './launch'

const OWN_KEY = 'k3y-of-my-own-0123456789-abcdefghijklmnop'

test('headless with a keychain and no SECRET_KEY, the server keeps its keys there and starts', async () => {
  const session = await startSession()

  const server = await serve(session)
  await server.answers()

  const keys = await Promise.all(['signing-key', 'data-key'].map((account) => session.secret(account)))
  expect(new Set(keys).size).toBe(2)
  const { origin } = JSON.parse(readFileSync(join(session.dataFolder, 'runtime.json'), 'utf8'))
  await connect(origin).register({ email: 'ada@example.com', password: 'a long enough password', name: 'Ada' })
  server.process.kill('SIGTERM')
  expect(await server.exitCode).toBe(0)
  const head = auditHeadName({ dialect: 'sqlite', storage: join(session.dataFolder, 'aurelius.db'), echo: false })
  expect(await session.secret(head)).toContain('"seq":2')
  for (const key of keys) {
    const [secret = ''] = (key ?? '').split('.')
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(server.output()).not.toContain(secret)
  }
})

test('headless without either, the server says what to do and touches no data', async () => {
  const session = await startSession('absent')

  const server = await serve(session)

  expect(await server.exitCode).toBe(78)
  expect(server.output()).toContain('found no keychain')
  expect(server.output()).toContain('set SECRET_KEY')
  expect(server.output().trim().split('\n')).toHaveLength(1)
  expect(existsSync(join(session.dataFolder, 'aurelius.db'))).toBe(false)
})

test('headless with SECRET_KEY, the server asks no keychain', async () => {
  const session = await startSession('unlocked')

  const server = await serve(session, { SECRET_KEY: OWN_KEY })
  await server.answers()

  expect(await session.secret('signing-key')).toBeNull()
  expect(await session.secret('data-key')).toBeNull()
  server.process.kill('SIGTERM')
  expect(await server.exitCode).toBe(0)
  expect(server.output()).not.toContain(OWN_KEY)
})

test('headless with a locked keychain, the server gives up waiting with a sentence', async () => {
  const session = await startSession('locked')

  const server = await serve(session)

  expect(await server.exitCode).toBe(78)
  expect(server.output()).toContain('most likely because it is locked')
  expect(existsSync(join(session.dataFolder, 'aurelius.db'))).toBe(false)
})

async function serve(session: DesktopSession, settings: NodeJS.ProcessEnv = {}) {
  const run = session.asUser(process.execPath, [join(ROOT, 'dist', 'main', 'serve.cjs')])
  const child = spawn(run.command, run.args, {
    cwd: session.env.HOME,
    env: { ...session.env, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(() => stop(child))
  return {
    process: child,
    exitCode,
    output: () => output,
    answers: () =>
      expect.poll(() => existsSync(join(session.dataFolder, 'runtime.json')), { timeout: 30_000 }).toBe(true),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
