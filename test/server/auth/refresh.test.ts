import { describe, expect, test } from 'vitest'
import { openBeside, readLog } from '../../support/beside'
import { asPage, refreshCookie } from '../../support/page-client'
import { DIALECTS, startTestServer, type TestServerOptions } from '../../support/start-test-server'
import { readToken } from '../../support/tokens'

const SECOND = 1000
const DAY = 86_400 * SECOND

/** A server whose clock the test turns, and a person with an account there. */
async function startWithClock(options: TestServerOptions) {
  const clock = { ms: Date.now() }
  const server = await startTestServer({ ...options, now: () => clock.ms })
  const ada = await server.signUp()
  return { server, ada, client: server.client, page: asPage(server.client), clock }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a page gets a cookie no script can read, and renews its session with it', async () => {
    const { client, ada, page } = await startWithClock({ dialect })
    const headers = { origin: client.origin }

    const signIn = await client.post('/api/auth/login', ada.account, { headers })
    const cookie = refreshCookie(signIn)
    expect(cookie?.value).toMatch(/^[\w-]{43}$/)
    expect(cookie?.attributes).toEqual(['Max-Age=1209600', 'Path=/api/auth/refresh', 'HttpOnly', 'SameSite=Strict'])
    expect(Object.keys(signIn.body).sort()).toEqual(['access_token', 'expires_in', 'token_type', 'user'])
    expect(JSON.stringify(signIn.body)).not.toContain(cookie?.value)

    const renewed = await page.refresh(cookie?.value)
    expect(renewed.status).toBe(200)
    expect(Object.keys(renewed.body).sort()).toEqual(['access_token', 'expires_in', 'token_type', 'user'])
    expect(readToken(renewed.body.access_token).claims.sid).toBe(readToken(signIn.body.access_token).claims.sid)
    expect(renewed.body.access_token).not.toBe(signIn.body.access_token)
    expect(page.cookie).not.toBe(cookie?.value)
    expect((await client.withToken(renewed.body.access_token).get('/api/auth/verify')).status).toBe(200)
  })

  test('the database holds no token, and no part of one', async () => {
    const { server, ada, page } = await startWithClock({ dialect })
    await page.signIn(ada.account)
    const first = page.cookie
    await page.refresh()

    const rows = JSON.stringify(await (await openBeside(server)).read('SELECT * FROM refresh_tokens'))
    expect(rows).not.toContain(first)
    expect(rows).not.toContain(page.cookie)
    expect(JSON.parse(rows)).toHaveLength(2)
  })

  test('two tabs that renew at once, and a request sent again, get the same next token', async () => {
    const { ada, page, clock } = await startWithClock({ dialect })
    await page.signIn(ada.account)
    const spent = page.cookie

    const replies = await Promise.all([page.refresh(spent), page.refresh(spent), page.refresh(spent)])
    clock.ms += 9 * SECOND
    replies.push(await page.refresh(spent))

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(replies.map((reply) => refreshCookie(reply)?.value)).size).toBe(1)
    expect((await page.refresh()).status).toBe(200)
  })

  test('a spent token that is shown again later ends the session, for its thief and its owner', async () => {
    const { server, client, ada, page, clock } = await startWithClock({ dialect })
    const sibling = await server.startSibling()
    const { access_token } = await page.signIn(ada.account)
    const stolen = page.cookie
    await page.refresh()
    clock.ms += 11 * SECOND
    expect((await client.withToken(access_token).get('/api/auth/verify')).status).toBe(200)

    expect((await page.refresh(stolen)).status).toBe(401)

    expect((await page.refresh()).status).toBe(401)
    expect((await client.withToken(access_token).get('/api/auth/verify')).status).toBe(401)
    const elsewhere = client.at(sibling.origin).withToken(access_token)
    await expect.poll(async () => (await elsewhere.get('/api/auth/verify')).status).toBe(401)
    expect((await ada.get('/api/auth/verify')).status).toBe(200)
    const { text } = await readLog(server)
    expect(text).toContain('a spent refresh token was shown again')
    expect(text).not.toContain(stolen)
  })

  test('a session that is not used for 14 days ends', async () => {
    const { ada, page, clock } = await startWithClock({ dialect })
    await page.signIn(ada.account)

    clock.ms += 13 * DAY
    expect((await page.refresh()).status).toBe(200)
    clock.ms += 13 * DAY
    expect((await page.refresh()).status).toBe(200)
    clock.ms += 14 * DAY
    expect((await page.refresh()).status).toBe(401)
  })

  test('a session ends after 90 days however much it is used', async () => {
    const { ada, page, clock } = await startWithClock({ dialect })
    await page.signIn(ada.account)

    for (let day = 10; day < 90; day += 10) {
      clock.ms += 10 * DAY
      expect({ day, status: (await page.refresh()).status }).toEqual({ day, status: 200 })
    }
    clock.ms += 10 * DAY
    expect((await page.refresh()).status).toBe(401)
  })

  test.each([
    ['signs out', (beside: Beside) => beside.signOut()],
    ['changes the password elsewhere', (beside: Beside) => beside.changePassword()],
    ['is deactivated', (beside: Beside) => beside.users.update(beside.id, { isActive: false })],
    ['is deleted', (beside: Beside) => beside.users.delete(beside.id)],
  ])('the token of somebody who %s renews nothing any more', async (_what, happen) => {
    const { server, client, ada, page } = await startWithClock({ dialect })
    const { access_token, user } = await page.signIn(ada.account)
    const { users } = await openBeside(server)

    await happen({
      id: user.id,
      users,
      signOut: () => client.withToken(access_token).post('/api/auth/logout'),
      changePassword: () =>
        ada.post('/api/auth/change-password', {
          current_password: ada.account.password,
          new_password: 'another good password',
        }),
    })

    const reply = await page.refresh()
    expect(reply).toMatchObject({ status: 401, body: { code: 'not_authenticated' } })
    expect(refreshCookie(reply)).toBeUndefined()
  })

  test('a renewal survives a restart of the server', async () => {
    const { server, ada, page } = await startWithClock({ dialect })
    await page.signIn(ada.account)
    await server.close()

    const restarted = asPage((await server.startSibling()).client)

    expect((await restarted.refresh(page.cookie)).status).toBe(200)
  })
})

type Beside = {
  id: string
  users: Awaited<ReturnType<typeof openBeside>>['users']
  signOut(): Promise<unknown>
  changePassword(): Promise<unknown>
}

test('a script gets no cookie: it is no page', async () => {
  const { client, signUp } = await startTestServer()
  const { account } = await signUp()

  expect(refreshCookie(await client.post('/api/auth/login', account))).toBeUndefined()
})

test('signing out takes the cookie away', async () => {
  const { client, signUp } = await startTestServer()
  const page = asPage(client)
  const { access_token } = await page.signIn((await signUp()).account)

  const reply = await client.withToken(access_token).post('/api/auth/logout', undefined, {
    headers: { origin: client.origin },
  })

  expect(refreshCookie(reply)).toMatchObject({ value: '', attributes: expect.arrayContaining(['Max-Age=0']) })
})

test('two servers on one machine leave each other their cookies', async () => {
  const [one, other] = [await startTestServer(), await startTestServer()]
  const nameOf = async ({ client, signUp }: typeof one) => {
    const { account } = await signUp()
    const reply = await client.post('/api/auth/login', account, { headers: { origin: client.origin } })
    return reply.headers.getSetCookie().map((line) => line.split('=', 1)[0])
  }

  expect(await nameOf(one)).toEqual([`aurelius_refresh_${new URL(one.origin).port}`])
  expect(await nameOf(other)).toEqual([`aurelius_refresh_${new URL(other.origin).port}`])
})

test('a cookie by its former name renews once and is replaced', async () => {
  const { client, signUp } = await startTestServer()
  const page = asPage(client)
  await page.signIn((await signUp()).account)
  const former = { cookie: `aurelius_refresh=${page.cookie}` }

  const renewed = await page.refresh('', former)

  expect(renewed.status).toBe(200)
  expect(renewed.headers.getSetCookie().at(-1)).toMatch(/^aurelius_refresh=; Max-Age=0; Path=\/api\/auth\/refresh;/)
  expect((await page.refresh()).status).toBe(200)
})

test('a former cookie that is another server’s stays, and stands in for none of this one’s', async () => {
  const { client, signUp } = await startTestServer()
  const page = asPage(client)
  await page.signIn((await signUp()).account)
  const foreign = `aurelius_refresh=${'A'.repeat(43)}`

  const refused = await page.refresh('', { cookie: foreign })
  const name = `aurelius_refresh_${new URL(client.origin).port}`
  const renewed = await page.refresh('', { cookie: `${foreign}; ${name}=${page.cookie}` })

  expect(refused.status).toBe(401)
  expect(refused.headers.getSetCookie()).toEqual([])
  expect(renewed.status).toBe(200)
  expect(renewed.headers.getSetCookie()).toHaveLength(1)
})

test.each([
  ['no cookie', ''],
  ['a short one', 'abc'],
  ['one that was never given out', 'A'.repeat(43)],
  ['a quote', '"'],
  ['a huge one', 'A'.repeat(4000)],
])('a renewal with %s is refused', async (_what, cookie) => {
  const { client } = await startTestServer()

  const reply = await asPage(client).refresh(cookie)

  expect(reply).toMatchObject({ status: 401, body: { code: 'not_authenticated' } })
})

test.each([
  ['another page', { origin: 'http://evil.example' }, 403],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
  ['a browser that says it comes from another site', { 'sec-fetch-site': 'cross-site' }, 401],
  ['another port, as browsers name it', { 'sec-fetch-site': 'same-site' }, 401],
])('the cookie counts for nothing when %s sends it', async (_who, headers, status) => {
  const { client, signUp } = await startTestServer()
  const page = asPage(client)
  await page.signIn((await signUp()).account)

  expect((await page.refresh(page.cookie, headers)).status).toBe(status)

  expect((await page.refresh()).status).toBe(200)
})

test('the access token opens no renewal, and the refresh token no API', async () => {
  const { client, signUp } = await startTestServer()
  const page = asPage(client)
  const { access_token } = await page.signIn((await signUp()).account)

  expect((await client.withToken(page.cookie).get('/api/auth/verify')).status).toBe(401)
  expect((await page.refresh('', { authorization: `Bearer ${access_token}` })).status).toBe(401)
})
