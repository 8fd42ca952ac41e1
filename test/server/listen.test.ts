import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runtimeFile } from '../../contracts/runtime-file'
import type { ServerConfig } from '../../server/config'
import { startServer } from '../../server/index'
import { StartError } from '../../server/start-error'
import { failedStart } from '../support/failed-start'
import { startTestServer, testConfig } from '../support/start-test-server'

const readRuntimeFile = (file: string) => runtimeFile.parse(JSON.parse(readFileSync(file, 'utf8')))

const storageOf = ({ database }: ServerConfig) => (database.dialect === 'sqlite' ? database.storage : '')

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  onTestFinished(() => void other.close())
  return (other.address() as AddressInfo).port
}

test('a port that is taken stops the start with a sentence that names it, and leaves nothing behind', async () => {
  const port = await takenPort()
  const { config, secrets } = await testConfig({ config: { port } })

  const failure = await startServer(config, secrets).catch((error) => error)

  expect(failure).toBeInstanceOf(StartError)
  expect(failure.exitCode).toBe(69)
  expect(failure.message).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program, perhaps another Aurelius: stop it, or choose another port with PORT.`,
  )
  expect(existsSync(String(config.runtimeFile))).toBe(false)
  expect(existsSync(storageOf(config))).toBe(false)
  const free = await startServer({ ...config, port: 0 }, secrets)
  await free.close()
})

test('a port that Aurelius itself has is told with its process, while that runs', async () => {
  const server = await startTestServer()
  const { port } = new URL(server.origin)

  const start = () => startServer({ ...server.config, port: Number(port) }, server.secrets)

  await expect(start()).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by the Aurelius that runs already, process ${process.pid}: stop it, or choose another port with PORT.`,
  )
  expect((await server.client.get('/api/health')).status).toBe(200)
  const file = String(server.config.runtimeFile)
  writeFileSync(file, JSON.stringify({ ...readRuntimeFile(file), pid: spawnSync('true').pid }))
  await expect(start()).rejects.toThrow(/taken by another program/)
})

test('where another port will do, a free one is taken, and the runtime file says which', async () => {
  const port = await takenPort()
  const server = await startTestServer({ config: { port, portTaken: 'take-another' } })

  expect(new URL(server.origin).port).not.toBe(String(port))
  expect((await server.client.get('/api/health')).status).toBe(200)
  expect(readRuntimeFile(String(server.config.runtimeFile)).origin).toBe(server.origin)
})

test('an address of another machine stops the start with a sentence', async () => {
  const { config, secrets } = await testConfig({ config: { host: '203.0.113.7', allowedHosts: ['desk.example'] } })

  await expect(startServer(config, secrets)).rejects.toMatchObject({
    exitCode: 78,
    message: 'The address 203.0.113.7 is not one of this machine: correct HOST.',
  })
  expect(existsSync(storageOf(config))).toBe(false)
})

test('a request that comes while the database is opened is answered once it is open', async () => {
  const { config, secrets } = await testConfig()
  let early: Promise<Response> | undefined
  const onListening = (origin: string) => {
    early = fetch(`${origin}/api/health`)
  }

  const server = await startServer(config, secrets, { onListening })
  onTestFinished(() => server.close())

  expect((await early)?.status).toBe(200)
})

test('pages are served while the database is opened, requests of the API afterwards', async () => {
  const { config, secrets, folder } = await testConfig()
  writeFileSync(join(folder, 'index.html'), '<h1>Dashboard</h1>')
  const answered: string[] = []
  const asked: Promise<unknown>[] = []
  const onListening = (origin: string) => {
    const ask = (path: string) => fetch(`${origin}${path}`).then(() => answered.push(path))
    asked.push(ask('/api/health'), ask('/sign-in'))
  }

  const server = await startServer({ ...config, rendererFolder: folder }, secrets, { onListening })
  onTestFinished(() => server.close())
  await Promise.all(asked)

  expect(answered).toEqual(['/sign-in', '/api/health'])
})

test('a request that came before a start that failed is told that there is no database', async () => {
  const { config, secrets, folder } = await testConfig()
  writeFileSync(join(folder, 'index.html'), '<h1>Dashboard</h1>')
  let early: Promise<Response> | undefined
  let pageServed: Promise<Response> | undefined
  const onListening = (origin: string) => {
    early = fetch(`${origin}/api/health`)
    pageServed = fetch(origin)
  }
  const hangsUp = createTcpServer(async (socket) => {
    await pageServed
    socket.destroy()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void hangsUp.close())
  await once(hangsUp, 'listening')

  const { port } = hangsUp.address() as AddressInfo
  const place = { host: '127.0.0.1', port, name: 'aurelius', user: 'aurelius' }
  const database = { dialect: 'postgres' as const, ...place, ssl: false, echo: false }
  const start = startServer({ ...config, rendererFolder: folder, database }, secrets, { onListening })
  await expect(start).rejects.toThrow(StartError)

  expect((await early)?.status).toBe(503)
})

test('the IPv6 loopback serves, under its own name', async () => {
  const server = await startTestServer({ config: { host: '::1' } })

  expect(server.origin).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await server.client.get('/api/health')).status).toBe(200)
})

test('the runtime file says where the server is, to its owner alone, until it stops', async () => {
  const server = await startTestServer()
  const file = String(server.config.runtimeFile)

  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readRuntimeFile(file)).toStrictEqual({
    origin: server.origin,
    port: Number(new URL(server.origin).port),
    pid: process.pid,
    version: '0.0.0-test',
    signing_keys: 'settings',
    database_file: expect.stringMatching(/aurelius\.db$/),
    started_at: expect.stringMatching(/Z$/),
  })

  await server.close()
  expect(existsSync(file)).toBe(false)
})

test('a runtime file that lay open is closed to others, and one that another server wrote is left alone', async () => {
  const { config, secrets } = await testConfig()
  const file = String(config.runtimeFile)
  writeFileSync(file, 'what a crash left', { mode: 0o644 })
  const server = await startServer(config, secrets)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const later = { ...readRuntimeFile(file), port: 1, origin: 'http://127.0.0.1:1' }
  writeFileSync(file, JSON.stringify(later))
  await server.close()

  expect(readRuntimeFile(file)).toStrictEqual(later)
})

test.each<[string, (file: string) => unknown]>([
  ['is a folder', (file) => mkdirSync(file, { recursive: true })],
  ['lies in what is no folder', (file) => writeFileSync(dirname(file), '')],
])('a runtime file that %s stops the start with a sentence, before there is a database', async (_what, spoil) => {
  const { config, secrets, folder } = await testConfig()
  const runtimeFile = join(folder, 'data', 'runtime.json')
  spoil(runtimeFile)

  const { exitCode, message } = await failedStart({ ...config, runtimeFile }, secrets)

  expect(exitCode).toBe(73)
  expect(message).toContain(`The file ${runtimeFile} cannot be written: `)
  expect(existsSync(storageOf(config))).toBe(false)
})

test('the runtime file comes back after another server of the same folder took it away or died with it', async () => {
  const server = await startTestServer()
  const file = String(server.config.runtimeFile)
  const written = readRuntimeFile(file)

  const other = await server.startSibling({ runtimeFile: file })
  await other.close()
  expect(existsSync(file)).toBe(false)
  await expect.poll(() => existsSync(file) && readRuntimeFile(file), { timeout: 9_000 }).toStrictEqual(written)

  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(file, JSON.stringify({ ...written, pid, port: 1 }))
  await expect.poll(() => readRuntimeFile(file), { timeout: 9_000 }).toStrictEqual(written)
})

test('a server that stops finishes the requests it has and takes no more', async () => {
  const server = await startTestServer({ config: { bcryptRounds: 11 } })
  const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
  const registering = server.client.post('/api/auth/register', ada)
  await server.client.get('/api/health')

  const closing = server.close()

  const { status, body } = await registering
  expect(status).toBe(200)
  await closing
  await expect(server.client.get('/api/health')).rejects.toThrow()
  const next = await server.startSibling()
  expect((await next.client.withToken(body.access_token).get('/api/auth/verify')).status).toBe(200)
})

// A request has five seconds to finish; a stop that waits for what is no request would take as long.
const WITHOUT_WAITING = 4_000

test(
  'a connection never used does not keep a server from stopping, and to stop twice is to stop once',
  async () => {
    const server = await startTestServer()
    const { port } = new URL(server.origin)
    const idle = connect(Number(port), '127.0.0.1')
    const ended = new Promise((resolve) => idle.once('close', resolve))
    await new Promise((resolve) => idle.once('connect', resolve))

    await Promise.all([server.close(), server.close()])

    await ended
  },
  WITHOUT_WAITING,
)

test('a request that never ends delays a stop by less than the ten seconds after which programs are killed', async () => {
  const server = await startTestServer()
  const { port } = new URL(server.origin)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => undefined)
  const headers = ['Host: 127.0.0.1', 'Content-Type: application/json', 'Content-Length: 99']
  socket.write(`POST /api/auth/login HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{`)
  await once(socket, 'connect')
  await server.client.get('/api/health')

  await server.close()
}, 9_000)

test('what takes its time before the server answers is said in steps that a person can read', async () => {
  const { config, secrets } = await testConfig()
  const steps: string[] = []

  const server = await startServer(config, secrets, { onProgress: (step) => steps.push(step) })
  await server.close()

  expect(steps[0]).toMatch(/^Updating the database \(1 of \d+\)$/)
  for (const step of steps) expect(step).toMatch(/^[A-Z][^\n]*[^.]$/)
})
