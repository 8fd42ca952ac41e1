import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { DIALECTS, type Dialect, startTestServer, type TestServer } from '../../support/start-test-server'
import type { Reply } from '../../support/test-client'

const ADA = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const FREE = 10
const MOST_IN_A_ROW = 100
const HOUR = 3_600
const DAY = 86_400

describe.each(DIALECTS)('on %s', (dialect) => {
  test('after ten failures the right password must wait as well, and a success forgets them', async () => {
    const { server, clock } = await startWithAda(dialect)

    await failTimes(server, FREE)
    expect(await signIn(server)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    clock.forward(1)

    expect((await signIn(server)).status).toBe(200)
    await failTimes(server, FREE)
    expect((await signIn(server)).status).toBe(429)
  })

  test('an account that does not exist is limited in the very same words', async () => {
    const { server } = await startWithAda(dialect)
    await failTimes(server, FREE)
    await failTimes(server, FREE, 'nobody@example.com')

    const known = await signIn(server, ADA.email, 'a wrong password')
    const unknown = await signIn(server, 'nobody@example.com', 'a wrong password')

    expect(known.status).toBe(429)
    expect(known.body).toStrictEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many attempts: try again in 1 second.',
      code: 'too_many_requests',
    })
    expect({ ...unknown, headers: limitHeaders(unknown) }).toEqual({ ...known, headers: limitHeaders(known) })
    expect(limitHeaders(known)).toEqual({
      'retry-after': '1',
      ratelimit: '"sign-in-pair";r=0;t=1',
      'ratelimit-policy': '"sign-in-pair";q=10;w=86400',
    })
  })

  test('the wait doubles up to an hour, is a day after a hundred in a row, and ends', async () => {
    const { server, clock } = await startWithAda(dialect)
    await failTimes(server, FREE)
    const waits: number[] = []

    for (let failures = FREE; failures < MOST_IN_A_ROW; failures += 1) {
      waits.push(await waitOf(server))
      clock.forward(waits.at(-1) ?? 0)
      expect((await signIn(server, ADA.email, 'a wrong password')).status).toBe(401)
    }

    const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
    expect(waits).toEqual([...doubling, ...Array.from({ length: 78 }, () => HOUR)])
    expect(await waitOf(server)).toBe(DAY)
    clock.forward(DAY - 1)
    expect((await signIn(server)).status).toBe(429)
    clock.forward(1)
    expect((await signIn(server)).status).toBe(200)
  })

  test('of guesses sent together no more are looked at than are free', async () => {
    const { server } = await startWithAda(dialect)

    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) => signIn(server, ADA.email, `a wrong password ${index}`)),
    )

    const statuses = replies.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(FREE)
    expect(statuses.filter((status) => status === 429)).toHaveLength(40 - FREE)
  })

  test('right passwords are never too many, in turn or together', async () => {
    const { server } = await startWithAda(dialect)

    for (let turn = 0; turn < 5; turn += 1) expect((await signIn(server)).status).toBe(200)
    const together = await Promise.all(Array.from({ length: 40 }, () => signIn(server)))

    expect(together.filter(({ status }) => status !== 200)).toEqual([])
  })

  test('a sign-in writes no count, but once a month that its address is one in use', async () => {
    const { server, clock } = await startWithAda(dialect)
    const begun = clock.now()
    const { read } = await openBeside(server)
    const marks = async () =>
      (
        await read('SELECT key, expires_at FROM attempt_counts WHERE expires_at > :now', { now: new Date(clock.now()) })
      ).map(({ key, expires_at }) => [String(key).split(':')[0], (Number(new Date(String(expires_at))) - begun) / 1000])

    clock.forward(29 * DAY)
    await signIn(server)
    await server.close()
    expect(await marks()).toEqual([['proven', 90 * DAY]])

    clock.forward(2 * DAY)
    const later = await server.startSibling()
    await signIn(later)
    await later.close()
    expect(await marks()).toEqual([['proven', (31 + 90) * DAY]])
  })

  test('a restart forgets nothing', async () => {
    const { server } = await startWithAda(dialect)
    await failTimes(server, FREE)
    await server.close()

    const restarted = await server.startSibling()

    expect((await signIn(restarted)).status).toBe(429)
  })

  test('a locked attempt does not look at the password', async () => {
    const { server } = await startWithAda(dialect)
    await failTimes(server, FREE)
    await server.close()
    const costlier = await server.startSibling({ bcryptRounds: 5 })

    expect((await signIn(costlier)).status).toBe(429)

    // Looked at, it would have been right, and its hash renewed at the new cost.
    const [user] = await (await openBeside(server)).read('SELECT hashed_password FROM users')
    expect(user?.hashed_password).toMatch(/\$04\$/)
  })

  test('no key tells an e-mail address or a network', async () => {
    const { server } = await startWithAda(dialect)
    await failTimes(server, 1)
    await failTimes(server, 1, 'nobody@example.com')
    await server.close()

    const rows = await (await openBeside(server)).read('SELECT key FROM attempt_counts')

    expect(rows).toHaveLength(6)
    for (const { key } of rows) expect(key).toMatch(/^[a-z]+(-[a-z]+)*:[\w-]{43}(\.[\w-]{43})?$/)
    expect(new Set(rows.map(({ key }) => String(key).split(':')[1])).size).toBe(4)
  })

  test('another spelling of the address and a header that names another network change nothing', async () => {
    const { server } = await startWithAda(dialect)

    for (let turn = 0; turn < FREE; turn += 1)
      await server.client.post(
        '/api/auth/login',
        { email: turn % 2 ? ' ADA@Example.com' : ADA.email, password: 'a wrong password' },
        { headers: { 'x-forwarded-for': `203.0.113.${turn}`, forwarded: `for=203.0.113.${turn}` } },
      )

    expect((await signIn(server)).status).toBe(429)
  })

  test('what is no wrong password does not count', async () => {
    const { server } = await startWithAda(dialect)
    const { users } = await openBeside(server)
    const ada = await users.findByEmail(ADA.email)
    await users.update(ada?.id ?? '', { isActive: false })

    for (let turn = 0; turn <= FREE; turn += 1) {
      expect((await signIn(server, ADA.email, '')).status).toBe(422)
      expect((await signIn(server)).status).toBe(403)
    }
  })
})

test('on postgres the nodes count together', async () => {
  const { server, clock } = await startWithAda('postgres')
  const sibling = await server.startSibling()

  for (let turn = 0; turn < FREE / 2; turn += 1) for (const node of [server, sibling]) await failTimes(node, 1)

  for (const node of [server, sibling]) expect((await signIn(node)).status).toBe(429)
  clock.forward(1)
  expect((await signIn(sibling)).status).toBe(200)
  await failTimes(server, 1)
})

async function startWithAda(dialect: Dialect) {
  let at = Date.parse('2026-03-01T12:00:00Z')
  const clock = {
    now: () => at,
    forward(seconds: number) {
      at += seconds * 1000
    },
  }
  const server = await startTestServer({ dialect, now: clock.now })
  await server.client.register(ADA)
  return { server, clock }
}

function signIn({ client }: TestServer, email = ADA.email, password = ADA.password): Promise<Reply> {
  return client.post('/api/auth/login', { email, password })
}

async function failTimes(server: TestServer, times: number, email = ADA.email): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) expect((await signIn(server, email, 'a wrong password')).status).toBe(401)
}

async function waitOf(server: TestServer): Promise<number> {
  const { status, headers } = await signIn(server)
  expect(status).toBe(429)
  return Number(headers.get('retry-after'))
}

function limitHeaders({ headers }: Reply): Record<string, string | null> {
  return Object.fromEntries(['retry-after', 'ratelimit', 'ratelimit-policy'].map((name) => [name, headers.get(name)]))
}
