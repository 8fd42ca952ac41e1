import { describe, expect, test } from 'vitest'
import { asPage } from '../../support/page-client'
import { enrolled } from '../../support/protected-account'
import { DIALECTS, type Dialect, startTestServer } from '../../support/start-test-server'
import { readToken } from '../../support/tokens'

const START = Date.parse('2026-03-01T12:00:05Z')
const YEAR = 365 * 86_400
const LIFETIME = 1800
const NEXT = 'another good password'
const FREE = 10

/** A server whose clock the test turns. On Postgres it first asks whether it missed something in so long a time. */
async function start(dialect: Dialect = 'sqlite') {
  let at = START
  const server = await startTestServer({ dialect, now: () => at })
  const scout = await server.signUp('Scout')
  const move = async (seconds: number) => {
    at += seconds * 1000
    const asking = await server.client.login(scout.account)
    await expect.poll(async () => (await asking.get('/api/auth/verify')).status).not.toBe(503)
  }
  const wrong = (email: string) => server.client.post('/api/auth/login', { email, password: 'a wrong password' })
  return { server, client: server.client, move, wrong, now: () => at }
}

describe.each(DIALECTS)('a clock that was a year ahead and is put back, on %s', (dialect) => {
  test('nobody is kept out until that day, and no token lasts until then', async () => {
    const { server, client, move, now } = await start(dialect)
    const ada = await server.signUp('Ada')
    await move(YEAR)
    const then = await client.login(ada.account)
    const change = { current_password: ada.account.password, new_password: NEXT }
    expect((await then.post('/api/auth/change-password', change)).status).toBe(200)
    expect((await then.get('/api/auth/verify')).status).toBe(200)

    await move(-YEAR)

    const back = await client.login({ ...ada.account, password: NEXT })
    expect((await back.get('/api/auth/verify')).status).toBe(200)
    expect(readToken(back.token).claims.exp).toBe(Math.floor(now() / 1000) + LIFETIME)
    // Remembered as good while the clock was ahead, and by a node that never saw it.
    const sibling = await server.startSibling()
    for (const dated of [then, then.at(sibling.origin)]) expect((await dated.get('/api/auth/verify')).status).toBe(401)

    const other = await client.login({ ...ada.account, password: NEXT })
    expect((await other.post('/api/auth/sessions/revoke-others')).status).toBe(200)
    expect((await back.get('/api/auth/verify')).status).toBe(401)
    expect((await other.get('/api/auth/verify')).status).toBe(200)
  })

  test('a session that began then goes on, without the proof of then and without a second use of its token', async () => {
    const { server, client, move } = await start(dialect)
    const ada = await server.signUp('Ada')
    const page = asPage(client)
    await move(YEAR)
    await page.signIn(ada.account)
    const spent = page.cookie
    await page.refresh()

    await move(-YEAR)

    const renewed = await page.refresh()
    expect(renewed.status).toBe(200)
    const back = client.withToken(renewed.body.access_token)
    expect((await back.get('/api/auth/step-up')).body).toMatchObject({ fresh_until: null })
    expect(await back.post('/api/auth/factors/totp')).toMatchObject({ body: { code: 'fresh_proof_required' } })
    expect((await page.refresh(spent)).status).toBe(401)
    expect((await back.get('/api/auth/verify')).status).toBe(401)
  })

  test('who failed too often then waits as long as anybody', async () => {
    const { server, client, move, wrong } = await start(dialect)
    const { account } = await server.signUp('Ada')
    await move(YEAR)
    for (let turn = 0; turn < FREE; turn += 1) await wrong(account.email)

    await move(-YEAR)

    const refused = await wrong(account.email)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    await move(1)
    expect((await client.login(account)).token).not.toBe('')
  })
})

test('a code that was used does not count again after the clock is put back, and neither does one before it', async () => {
  const { server, move, now } = await start()
  const ada = await enrolled(await server.signUp('Ada'), now)
  await move(YEAR)
  const used = ada.code()
  expect((await ada.signIn(used)).status).toBe(200)

  await move(-30)
  expect((await ada.signIn(used)).body.code).toBe('wrong_code')
  expect((await ada.signIn(ada.code())).body.code).toBe('wrong_code')
  await move(30 - YEAR)
  expect((await ada.signIn()).body.code).toBe('wrong_code')

  expect((await ada.signIn(ada.recoveryCodes[0])).status).toBe(200)
})

test('on postgres a node that cannot hear of sign-outs trusts no token because the clock was put back', async () => {
  let at = START
  const server = await startTestServer({ dialect: 'postgres', now: () => at })
  const ada = await server.signUp()
  const status = async () => (await ada.get('/api/auth/verify')).status
  expect(await status()).toBe(200)

  at -= 31_000

  expect(await status()).toBe(503)
  await expect.poll(status).toBe(200)
})
