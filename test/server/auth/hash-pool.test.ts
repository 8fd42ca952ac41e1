import { expect, test } from 'vitest'
import { startTestServer } from '../../support/start-test-server'

// A hash of this cost takes about a second, so that none of these waits ends while the test looks.
const SLOW = 14
// Two are being worked on and 8 seconds of work may wait, 256 hashes at most.
const MORE_THAN_FIT = 300

test('sign-ins beyond those that may wait are sent away at once, known user or not, and nothing else waits', async () => {
  const server = await startTestServer()
  const ada = await server.signUp()
  const slow = await server.startSibling({ bcryptRounds: SLOW })
  const leaving = new AbortController()
  const login = (email: string, password: string) =>
    fetch(`${slow.origin}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
      signal: leaving.signal,
    })
  const firstBusy = (replies: Promise<Response>[]) =>
    Promise.any(
      replies.map(async (reply) => {
        const answer = await reply
        return answer.status === 503 ? answer : Promise.reject(new Error(`answered ${answer.status}`))
      }),
    )

  const busy = await firstBusy(
    Array.from({ length: MORE_THAN_FIT }, (_, n) => login(`nobody.${n}@example.com`, 'whatever it is')),
  )

  // Nobody could be sent away if unknown users cost no hash.
  expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await busy.json()).toStrictEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'The server is busy: try again in a few seconds.',
    code: 'busy',
  })

  const known = Array.from({ length: 10 }, () => login(ada.account.email, 'a wrong password'))
  expect(await (await firstBusy(known)).json()).toMatchObject({ code: 'busy' })
  expect((await slow.client.get('/api/health')).status).toBe(200)
  expect((await ada.at(slow.origin).get('/api/auth/verify')).status).toBe(200)
  expect((await ada.at(slow.origin).post('/api/auth/logout')).status).toBe(200)
  leaving.abort()
})

test('other requests are answered while a sign-in is being hashed', async () => {
  const server = await startTestServer()
  const slow = await server.startSibling({ bcryptRounds: SLOW })
  const ada = await server.signUp()
  const order: string[] = []

  const signingIn = slow.client
    .post('/api/auth/login', { email: 'nobody@example.com', password: 'whatever it is' })
    .then(({ status }) => order.push(`login ${status}`))
  for (let round = 0; round < 5; round += 1) {
    await slow.client.get('/api/health')
    await ada.at(slow.origin).get('/api/auth/verify')
    order.push('verify')
  }
  await signingIn

  expect(order).toEqual(['verify', 'verify', 'verify', 'verify', 'verify', 'login 401'])
})

test('sign-ins whose callers have hung up give their places to others', async () => {
  const server = await startTestServer({ config: { bcryptRounds: SLOW } })
  const leaving = new AbortController()
  const login = (email: string, signal?: AbortSignal) =>
    fetch(`${server.origin}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'whatever it is' }),
      ...(signal ? { signal } : {}),
    })
  const crowd = Array.from({ length: 100 }, (_, n) => login(`nobody.${n}@example.com`, leaving.signal))
  await Promise.any(crowd.map(async (reply) => (await reply).status === 503 || Promise.reject(new Error('hashed'))))

  leaving.abort()
  await Promise.allSettled(crowd)

  // The places are worth half a minute of hashing, after which this would have given up.
  const patience = { timeout: 15_000, interval: 50 }
  await expect.poll(async () => (await login('late@example.com')).status, patience).toBe(401)
})
