import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runtimeFile } from '../../contracts/runtime-file'
import { newFolder } from '../support/new-folder'
import { asOrdinaryUser } from '../support/ordinary-user'
import { connect } from '../support/test-client'

const PROGRAM = resolve(import.meta.dirname, '../../dist/main/serve.cjs')
const SECRET_KEY = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'

interface Run {
  process: ChildProcess
  folder: string
  dataFolder: string
  output(): string
  /** Resolves with what the server says once it answers. */
  ready(): Promise<string>
  ended: Promise<number | null>
}

/** `npm run serve` in a home of its own, without a keychain. */
function serve(
  environment: Record<string, string>,
  { dotenv, stdout = 'pipe' }: { dotenv?: string; stdout?: 'pipe' | number } = {},
): Run {
  const folder = newFolder()
  if (dotenv !== undefined) writeFileSync(join(folder, '.env'), dotenv)
  const [command, args] = asOrdinaryUser(process.execPath, [PROGRAM])
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), PORT: '0', ...environment },
    stdio: ['ignore', stdout, 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += chunk
    })
  const ended = once(child, 'close').then(() => child.exitCode)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const origin = () => /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
  return {
    process: child,
    folder,
    dataFolder: join(folder, 'config', 'Aurelius'),
    output: () => text,
    ended,
    ready: () =>
      Promise.race([
        expect
          .poll(origin)
          .toBeDefined()
          .then(() => origin() ?? ''),
        ended.then((code) => Promise.reject(new Error(`the server ended with ${code}: ${text}`))),
      ]),
  }
}

test('serve says where it is, keeps a runtime file while it runs, and ends well on SIGTERM', async () => {
  const run = serve({ SECRET_KEY, BCRYPT_ROUNDS: '10' })
  const origin = await run.ready()
  const file = join(run.dataFolder, 'runtime.json')

  expect(runtimeFile.parse(JSON.parse(readFileSync(file, 'utf8')))).toMatchObject({ origin, pid: run.process.pid })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  for (const name of readdirSync(run.dataFolder))
    expect(statSync(join(run.dataFolder, name)).mode & 0o077, name).toBe(0)
  const client = connect(origin)
  expect((await client.get('/api/health')).status).toBe(200)
  expect((await client.get('/')).headers.get('content-type')).toBe('text/html; charset=utf-8')

  const ada = { email: 'ada@example.com', password: 'Marker password', name: 'Ada' }
  const registering = client.post('/api/auth/register', ada)
  await client.get('/api/health')
  run.process.kill('SIGTERM')

  const { status, body } = await registering
  expect(status).toBe(200)
  expect(await run.ended).toBe(0)
  expect(existsSync(file)).toBe(false)
  expect(run.output()).toContain(`Aurelius is ready: open ${origin} in your browser.\n`)
  for (const secret of [SECRET_KEY, 'Marker', body.access_token]) expect(run.output()).not.toContain(secret)
})

test('sessions and accounts outlive the process', async () => {
  const environment = { SECRET_KEY, BCRYPT_ROUNDS: '10', DB_STORAGE: join(newFolder(), 'kept.db') }
  const first = serve(environment)
  const ada = await connect(await first.ready()).register({
    email: 'ada@example.com',
    password: 'a long enough password',
    name: 'Ada',
  })
  first.process.kill('SIGINT')
  expect(await first.ended).toBe(0)

  const second = serve(environment)

  expect((await ada.at(await second.ready()).get('/api/auth/verify')).status).toBe(200)
})

test('a port that is taken ends it with 69 and a sentence that says what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo

  const run = serve({ SECRET_KEY, PORT: String(port), LOG_LEVEL: 'silent' })

  expect(await run.ended).toBe(69)
  expect(run.output().trim()).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program, perhaps another Aurelius: stop it, or choose another port with PORT.`,
  )
  expect(existsSync(run.dataFolder)).toBe(false)
})

test('what cannot be undone at the end keeps it from nothing else', async () => {
  const run = serve({ SECRET_KEY })
  await run.ready()
  chmodSync(run.dataFolder, 0o500)

  run.process.kill('SIGTERM')

  expect(await run.ended).toBe(0)
  chmodSync(run.dataFolder, 0o700)
  expect(run.output()).toContain('a part of the server did not close')
  expect(run.output()).not.toMatch(/^\s+at /m)
})

test('bad settings end it with 78 and all the faults, without a value, a trace or a database', async () => {
  const run = serve(
    { SECRET_KEY: 'Marker', BCRYPT_ROUNDS: '4' },
    { dotenv: 'ALGORITHM=Marker-none\nDB_DIALECT=postgres\nDB_PASSWORD=Marker-p\n' },
  )

  expect(await run.ended).toBe(78)
  expect(run.output()).toBe(
    [
      'Aurelius cannot start with these settings; correct them and start again:',
      '  SECRET_KEY: expected at least 32 bytes of random text',
      '  ALGORITHM: expected HS256, HS384, HS512',
      '  BCRYPT_ROUNDS: expected a whole number from 10 to 20',
      '  DB_NAME: expected the name of the Postgres database',
      '  DB_USER: expected the Postgres user to sign in as',
      '',
    ].join('\n'),
  )
  expect(existsSync(run.dataFolder)).toBe(false)
})

test('with neither SECRET_KEY nor a keychain it ends with 78, says what to do and touches nothing', async () => {
  const run = serve({})

  expect(await run.ended).toBe(78)
  expect(run.output()).toMatch(
    /^There is no key .*: set SECRET_KEY to at least 32 random bytes .* found no keychain .*\.\n$/,
  )
  expect(existsSync(run.dataFolder)).toBe(false)
})

test.each(['/dev/full', 'a pipe that nobody reads'])(
  'with its log on %s it serves, and ends on SIGTERM',
  async (log) => {
    const run = serve({ SECRET_KEY, PORT: '0' }, { stdout: log === '/dev/full' ? openSync(log, 'w') : 'pipe' })
    const client = connect(await run.ready())
    run.process.stdout?.pause()
    // More than a pipe holds.
    for (let turn = 0; turn < 120; turn += 1)
      await Promise.all(Array.from({ length: 25 }, () => client.get('/api/health')))

    run.process.kill('SIGTERM')

    await once(run.process, 'exit')
    expect(existsSync(join(run.dataFolder, 'runtime.json'))).toBe(false)
  },
)
