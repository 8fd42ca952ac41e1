import { describe, expect, test } from 'vitest'
import { sessionList } from '../../../contracts/sessions'
import { describeDevice } from '../../../server/auth/device'
import { asPage, FIREFOX } from '../../support/page-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('lists where one is signed in, and nobody else', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()
    await asPage(client).signIn(ada.account)
    await signUp('Bob')

    const { status, body } = await ada.get('/api/auth/sessions')

    expect(status).toBe(200)
    const { sessions, total, next_cursor } = sessionList.parse(body)
    expect({ total, next_cursor, rows: sessions.length }).toEqual({ total: 2, next_cursor: null, rows: 2 })
    expect(sessions.map(({ is_current }) => is_current).sort()).toEqual([false, true])
    expect(sessions.find(({ is_current }) => !is_current)).toMatchObject({
      device: 'Firefox on Linux',
      address: '127.0.0.1',
    })
    expect(JSON.stringify(body)).not.toContain(FIREFOX)
  })

  test('ends one session at once, and no other', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()
    const page = asPage(client)
    const { access_token } = await page.signIn(ada.account)
    const { body } = await ada.get('/api/auth/sessions')
    const other = body.sessions.find((session: { is_current: boolean }) => !session.is_current)

    expect((await ada.request('DELETE', `/api/auth/sessions/${other.id}`)).status).toBe(200)

    expect((await client.withToken(access_token).get('/api/auth/verify')).status).toBe(401)
    expect((await page.refresh()).status).toBe(401)
    expect((await ada.get('/api/auth/sessions')).body.total).toBe(1)
    expect((await ada.request('DELETE', `/api/auth/sessions/${other.id}`)).status).toBe(404)
  })

  test("somebody else's session looks like one that does not exist", async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const { id } = (await bob.get('/api/auth/sessions')).body.sessions[0]

    const foreign = await ada.request('DELETE', `/api/auth/sessions/${id}`)
    const unknown = await ada.request('DELETE', '/api/auth/sessions/00000000-0000-4000-8000-000000000000')

    expect(foreign).toMatchObject({ status: 404, body: unknown.body })
    expect((await bob.get('/api/auth/verify')).status).toBe(200)
  })

  test('ends all others at once and keeps the one that asks', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()
    const others = [await client.login(ada.account), await client.login(ada.account)]
    const bob = await signUp('Bob')

    const reply = await ada.post('/api/auth/sessions/revoke-others')

    expect(reply).toMatchObject({ status: 200, body: { message: '2 other sessions have ended.' } })
    for (const other of others) expect((await other.get('/api/auth/verify')).status).toBe(401)
    expect((await ada.get('/api/auth/verify')).status).toBe(200)
    expect((await bob.get('/api/auth/verify')).status).toBe(200)
  })
})

test.each([
  [FIREFOX, 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Aurelius/0.1.0 Chrome/114.0.0.0 Electron/25.1.1 Safari/537.36',
    'Aurelius on Linux',
  ],
  ['python-requests/2.32.0', 'Python'],
  ['curl/8.5.0', 'curl'],
  ['', 'Unknown device'],
  ['<script>alert(1)</script>', 'Unknown device'],
])('the device behind "%s" is %s', (userAgent, device) => {
  expect(describeDevice(userAgent)).toBe(device)
})
