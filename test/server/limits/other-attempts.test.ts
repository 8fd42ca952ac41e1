import { describe, expect, test } from 'vitest'
import { networkOf } from '../../../server/limits/address'
import { postFrom } from '../../support/from-address'
import { asPage } from '../../support/page-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { Reply } from '../../support/test-client'

const ADA = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }
const REGISTRATIONS_PER_ADDRESS = 100
const FREE = 10
const FAILURES_PER_ADDRESS = 300
const HOUR_MS = 3_600_000

describe.each(DIALECTS)('on %s', (dialect) => {
  test('one address makes a hundred accounts an hour, another one goes on', async () => {
    let at = Date.parse('2026-03-01T12:00:00Z')
    const server = await startTestServer({ dialect, now: () => at })
    const register = (index: number) =>
      server.client.post('/api/auth/register', { ...ADA, email: `user.${index}@example.com` })

    const replies: Reply[] = []
    for (let from = 0; from < REGISTRATIONS_PER_ADDRESS + 10; from += 10)
      replies.push(...(await Promise.all(Array.from({ length: 10 }, (_, index) => register(from + index)))))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(REGISTRATIONS_PER_ADDRESS)
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('3600')
      expect(body.detail).toBe('Too many attempts: try again in 60 minutes.')
    }
    expect((await postFrom('127.0.0.2', `${server.origin}/api/auth/register`, ADA)).status).toBe(200)
    at += HOUR_MS
    expect((await register(999)).status).toBe(200)
  })

  test('asking whether an address is taken gets slower and slower', async () => {
    const { client } = await startTestServer({ dialect })
    await client.register(ADA)

    for (let turn = 0; turn < FREE; turn += 1)
      expect((await client.post('/api/auth/register', ADA)).body.code).toBe('email_taken')

    expect((await client.post('/api/auth/register', ADA)).status).toBe(429)
    expect((await client.post('/api/auth/login', ADA)).status).toBe(200)
  })

  test('who shows refresh tokens that renew nothing is sent away, who shows none or a good one is not', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const { account } = await signUp()
    const page = asPage(client)
    await page.signIn(account)
    const guess = (turn: number) => page.refresh(String(turn).padStart(43, 'A'))

    for (let turn = 0; turn < FREE; turn += 1) expect((await guess(1)).status).toBe(401)
    expect(await guess(1)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect((await page.refresh()).status).toBe(200)

    for (let turn = FREE; turn < FAILURES_PER_ADDRESS; turn += 1) expect((await guess(turn)).status).toBe(401)
    expect((await guess(FAILURES_PER_ADDRESS)).status).toBe(429)
    expect((await asPage(client).refresh('')).status).toBe(401)
    expect((await client.post('/api/auth/login', account)).status).toBe(200)
  })

  test('a token is no way to try passwords without a limit', async () => {
    const { signUp, client } = await startTestServer({ dialect })
    const ada = await signUp()
    const change = (current: string) =>
      ada.post('/api/auth/change-password', { current_password: current, new_password: 'another good password' })

    for (let turn = 0; turn < FREE; turn += 1)
      expect((await change(`a wrong password ${turn}`)).body.code).toBe('wrong_password')

    expect((await change(ada.account.password)).status).toBe(429)
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(200)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  [undefined, ''],
])('the address %s counts as %s', (remote, network) => {
  expect(networkOf(remote)).toBe(network)
})
