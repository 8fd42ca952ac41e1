import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ElectronApplication } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { launch, startSession } from './launch'

const FIRST = 'a'.repeat(43)
const SECOND = 'b'.repeat(43)

test('the refresh cookie goes from the server to the keychain, and from there with a renewal alone', async () => {
  const { page, app, session, server, post } = await openStandIn()
  server.onPost = (path, reply) => {
    reply.setHeader('Set-Cookie', ['other=1; Path=/', cookieOf(server, path.endsWith('login') ? FIRST : SECOND)])
  }

  await post('/api/auth/login')
  await expect.poll(() => session.secret('refresh-token')).toBe(FIRST)
  await post('/api/auth/refresh')
  await expect.poll(() => session.secret('refresh-token')).toBe(SECOND)
  await page.evaluate(() => fetch('/api/auth/refresh'))
  await page.evaluate(() => fetch('/api/health'))
  await post('/api/auth/refresh/more')

  expect(server.seen).toEqual([
    ['POST /api/auth/login', undefined],
    ['POST /api/auth/refresh', `${server.cookie}=${FIRST}`],
    ['GET /api/auth/refresh', undefined],
    ['GET /api/health', 'other=1'],
    ['POST /api/auth/refresh/more', 'other=1'],
  ])
  expect(await cookies(app)).toEqual(['other'])
})

test('another server on this machine neither gets the token nor sets it', async () => {
  const { page, app, session, server, post } = await openStandIn()
  const other = await listen()
  server.onPost = (_path, reply) => void reply.setHeader('Set-Cookie', cookieOf(server, FIRST))
  other.onPost = (_path, reply) =>
    void reply.setHeader('Set-Cookie', [cookieOf(other, 'c'.repeat(43)), cookieOf(server, 'e'.repeat(43))])
  await post('/api/auth/login')

  const ask = (url: string) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include' }).then(() => null)
  await page.evaluate(ask, `${other.origin}/api/auth/refresh`)

  expect(other.seen).toEqual([['POST /api/auth/refresh', undefined]])
  await expect.poll(() => session.secret('refresh-token')).toBe(FIRST)
  expect(await cookies(app)).toEqual([])
})

test('a token that the server refuses or clears is forgotten; other failures leave it', async () => {
  const { session, server, post } = await openStandIn()
  const signIn = async () => {
    server.onPost = (_path, reply) => void reply.setHeader('Set-Cookie', cookieOf(server, FIRST))
    await post('/api/auth/login')
    await expect.poll(() => session.secret('refresh-token')).toBe(FIRST)
  }
  const answer = (status: number) => {
    server.onPost = (_path, reply) => reply.writeHead(status)
    return post('/api/auth/refresh')
  }

  await signIn()
  for (const status of [403, 429, 500, 503]) await answer(status)
  expect(await session.secret('refresh-token')).toBe(FIRST)
  await answer(401)
  await expect.poll(() => session.secret('refresh-token')).toBeNull()

  await signIn()
  server.onPost = (_path, reply) =>
    void reply.setHeader('Set-Cookie', `${server.cookie}=; Max-Age=0; Path=/api/auth/refresh; HttpOnly`)
  await post('/api/auth/change-password')
  await expect.poll(() => session.secret('refresh-token')).toBeNull()
})

test('an answer that was overtaken by a sign-in counts no more, whatever it says', async () => {
  const { session, server, post } = await openStandIn()
  const sign = async (token: string) => {
    server.onPost = (_path, reply) => void reply.setHeader('Set-Cookie', cookieOf(server, token))
    await post('/api/auth/login')
  }
  for (const late of [cookieOf(server, 'd'.repeat(43)), null]) {
    await sign(FIRST)
    const { renewal, answerLate } = holdBack(server, post)
    await expect.poll(() => server.seen.at(-1)).toEqual(['POST /api/auth/refresh', `${server.cookie}=${FIRST}`])

    await sign(SECOND)
    answerLate((reply) => (late ? reply.setHeader('Set-Cookie', late) : reply.writeHead(401)))
    await renewal

    await expect.poll(() => session.secret('refresh-token')).toBe(SECOND)
  }
})

interface StandIn {
  origin: string
  /** The name of its refresh cookie. */
  cookie: string
  /** Each request under `/api`, and the cookies that came with it. */
  seen: [request: string, cookie: string | undefined][]
  onPost(path: string, reply: ServerResponse): unknown
}

/** The window on a server of the test: what a development server is to it. */
async function openStandIn() {
  const session = await startSession()
  const server = await listen()
  const desktop = await launch(session, { AURELIUS_DEV_URL: server.origin })
  await desktop.page.waitForURL(`${server.origin}/`)
  const post = (path: string) =>
    desktop.page.evaluate((to) => fetch(to, { method: 'POST' }).then(({ status }) => status), path)
  return { ...desktop, session, server, post }
}

async function listen(): Promise<StandIn> {
  const standIn: StandIn = { origin: '', cookie: '', seen: [], onPost: () => undefined }
  const server = createServer(async (request, reply) => {
    if (request.url?.startsWith('/api')) standIn.seen.push([`${request.method} ${request.url}`, request.headers.cookie])
    reply.setHeader('Content-Type', 'text/html')
    if (request.method === 'POST') await standIn.onPost(request.url ?? '', reply)
    reply.end('<!doctype html>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  standIn.origin = `http://127.0.0.1:${port}`
  standIn.cookie = `aurelius_refresh_${port}`
  return standIn
}

/** A renewal that is answered when the test says so. */
function holdBack(server: StandIn, post: (path: string) => Promise<number>) {
  let answerLate: (how: (reply: ServerResponse) => unknown) => void = () => undefined
  server.onPost = (_path, reply) =>
    new Promise<void>((answered) => {
      answerLate = (how) => {
        how(reply)
        answered()
      }
    })
  const renewal = post('/api/auth/refresh')
  return { renewal, answerLate: (how: (reply: ServerResponse) => unknown) => answerLate(how) }
}

function cookieOf(server: StandIn, token: string): string {
  return `${server.cookie}=${token}; Max-Age=1209600; Path=/api/auth/refresh; HttpOnly; SameSite=Strict`
}

function cookies(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(async ({ session }) => (await session.defaultSession.cookies.get({})).map(({ name }) => name))
}
