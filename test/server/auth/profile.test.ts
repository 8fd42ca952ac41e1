import { describe, expect, test } from 'vitest'
import { accountData } from '../../../contracts/account-data'
import { makeKey, rotateKey } from '../../support/api-keys'
import { openBeside, readLog } from '../../support/beside'
import { beginBeside, untilWaiting } from '../../support/held-rows'
import { asPage, FIREFOX } from '../../support/page-client'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const rename = (client: TestClient, body: unknown) => client.request('PATCH', '/api/auth/profile', body)
const remove = (client: TestClient, password: string) => client.post('/api/auth/delete-account', { password })

describe.each(DIALECTS)('on %s', (dialect) => {
  describe('the name', () => {
    test('changes for its owner alone, at once and on every node', async () => {
      const server = await startTestServer({ dialect })
      const sibling = await server.startSibling()
      const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
      const nameOf = async (client: TestClient) => (await client.get('/api/auth/verify')).body.user.name
      expect(await nameOf(ada.at(sibling.origin))).toBe('Ada')

      const reply = await rename(ada, { name: '  Ada King ' })

      expect(reply).toMatchObject({ status: 200, body: { user: { name: 'Ada King', email: ada.account.email } } })
      expect(await nameOf(ada)).toBe('Ada King')
      expect(await nameOf(bob)).toBe('Bob')
      await expect.poll(() => nameOf(ada.at(sibling.origin))).toBe('Ada King')
    })

    test('is all that changes, whatever else is sent', async () => {
      const server = await startTestServer({ dialect })
      const ada = await server.signUp('Ada')
      const beside = await openBeside(server)
      const row = async () => {
        const [{ updated_at: _at, ...others } = {}] = await beside.read('SELECT * FROM users')
        return others
      }
      const before = await row()

      const wanted = {
        name: 'Countess',
        id: 'x',
        email: 'x@example.com',
        is_admin: true,
        is_active: false,
        role: 'admin',
      }
      expect((await rename(ada, wanted)).status).toBe(200)

      expect(await row()).toEqual({ ...before, name: 'Countess' })
      expect(
        await beside.read("SELECT id FROM users JOIN audit_log ON target_id = id AND action = 'account.renamed'"),
      ).toHaveLength(1)
    })
  })

  describe('deleting the account', () => {
    test('takes the account and its sessions away on every node, and leaves everybody else theirs', async () => {
      const server = await startTestServer({ dialect })
      const sibling = await server.startSibling()
      const ada = await server.signUp('Ada')
      const page = asPage(server.client)
      await page.signIn(ada.account)
      const bob = await server.signUp('Bob')
      expect((await ada.at(sibling.origin).get('/api/auth/verify')).status).toBe(200)

      const reply = await remove(ada, ada.account.password)

      expect(reply).toMatchObject({ status: 200, body: { message: 'Your account is deleted.' } })
      expect(reply.headers.getSetCookie()).toEqual([expect.stringMatching(/^aurelius_refresh_\d+=; Max-Age=0;/)])
      expect((await ada.get('/api/auth/verify')).status).toBe(401)
      expect((await page.refresh()).status).toBe(401)
      await expect.poll(async () => (await ada.at(sibling.origin).get('/api/auth/verify')).status).toBe(401)
      expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(401)
      expect((await bob.get('/api/auth/verify')).status).toBe(200)
      const { read } = await openBeside(server)
      expect(await read('SELECT email FROM users')).toEqual([{ email: bob.account.email }])
      expect(await read("SELECT outcome FROM audit_log WHERE action = 'account.deleted'")).toEqual([
        { outcome: 'success' },
      ])
      expect((await server.client.post('/api/auth/register', ada.account)).status).toBe(200)
    })

    test.each([
      ['a wrong password', 'not the right password', 400, 'wrong_password'],
      ['no password', '', 422, 'validation_failed'],
    ])('with %s is refused and changes nothing', async (_what, password, status, code) => {
      const server = await startTestServer({ dialect })
      const ada = await server.signUp('Ada')

      expect(await remove(ada, password)).toMatchObject({ status, body: { code } })

      expect((await ada.get('/api/auth/verify')).status).toBe(200)
      expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(200)
      const { read } = await openBeside(server)
      const refusals = () => read("SELECT outcome FROM audit_log WHERE action = 'account.deleted'")
      await expect.poll(refusals).toEqual(code === 'wrong_password' ? [{ outcome: 'failure' }] : [])
    })

    test('is no way to try passwords without a limit', async () => {
      const server = await startTestServer({ dialect })
      const ada = await server.signUp('Ada')

      for (let turn = 0; turn < 10; turn += 1) expect((await remove(ada, `wrong ${turn}`)).status).toBe(400)

      expect((await remove(ada, ada.account.password)).status).toBe(429)
      expect((await ada.get('/api/auth/verify')).status).toBe(200)
    })

    test('is refused to the only active administrator, and allowed to one of two', async () => {
      const server = await startTestServer({ dialect })
      const [ada, bob, eve] = [await admin(server, 'Ada'), await admin(server, 'Bob'), await admin(server, 'Eve')]
      const { users } = await openBeside(server)
      await users.update(await idOf(eve), { isActive: false })

      expect((await remove(ada, ada.account.password)).status).toBe(200)
      expect(await remove(bob, bob.account.password)).toMatchObject({
        status: 409,
        body: {
          code: 'last_administrator',
          detail: 'This is the only administrator: make somebody else an administrator first.',
        },
      })
      expect((await bob.get('/api/auth/verify')).status).toBe(200)
    })

    test('of the last two administrators who leave at once, one stays', async () => {
      const server = await startTestServer({ dialect })
      const admins = [await admin(server, 'Ada'), await admin(server, 'Bob')]

      const other = await beginBeside(server)
      await other.run("UPDATE users SET name = 'held'")

      const removals = admins.map((one) => remove(one, one.account.password))
      await untilWaiting(server, admins.length)
      await other.commit()
      const replies = await Promise.all(removals)

      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
      expect(await (await openBeside(server)).read('SELECT id FROM users')).toHaveLength(1)
    })

    test('a session that ended meanwhile deletes nothing', async () => {
      const server = await startTestServer({ dialect })
      const ada = await server.signUp('Ada')
      const beside = await openBeside(server)
      // Only the database knows of it yet, as of another node's sign-out that was not heard.
      await beside.change('UPDATE sessions SET revoked_at = :now', { now: new Date() })

      expect((await remove(ada, ada.account.password)).status).toBe(401)

      expect(await beside.read('SELECT id FROM users')).toHaveLength(1)
    })
  })

  test('my data is everything about me, nothing about others, and no secret', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const bob = await server.signUp('Bob')
    const page = asPage(server.client)
    await page.signIn(ada.account)
    await page.refresh()
    await ada.post('/api/auth/sessions/revoke-others')
    const { read, change } = await openBeside(server)
    const mine = { user: await idOf(ada), at: new Date('2026-03-01T12:00:00Z') }
    await change(`INSERT INTO totp_factors VALUES (:user, 'SealedMarker', :at, NULL, 77123)`, mine)
    await change(`INSERT INTO recovery_codes VALUES ('HashMarker', :user, :at, NULL)`, mine)

    const key = await makeKey(ada, { name: 'Nightly' })
    await rotateKey(ada, key.id, 60)
    await change(
      `INSERT INTO passkeys VALUES ('1', :user, 'CredentialMarker', 'KeyMarker', 77123, 'localhost', 'usb', 'My laptop', :at, NULL)`,
      mine,
    )
    await change(
      `INSERT INTO one_time_tokens VALUES ('LinkMarker', 'email-verification', :user, :email, 'BoundMarker', NULL, :at, :at, NULL)`,
      {
        ...mine,
        email: ada.account.email,
      },
    )
    await change(
      `INSERT INTO invitations (id, token_hash, email, role, created_by, created_at, expires_at) VALUES ('i', 'InviteMarker', 'new@example.com', 'viewer', :user, :at, :at)`,
      mine,
    )
    const strategy = { name: 'Momentum', strategy_type: 'trend', parameters: { window: 20 }, tags: ['fx'] }
    expect((await ada.post('/api/v1/strategies', strategy)).status).toBe(201)
    expect((await bob.post('/api/v1/strategies', { ...strategy, name: 'What is another’s' })).status).toBe(201)

    const reply = await ada.get('/api/auth/my-data')

    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="aurelius-my-data.json"')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    const data = accountData.parse(reply.body)
    expect(data.user).toMatchObject({ name: 'Ada', email: ada.account.email, role: 'analyst' })
    expect(data).toMatchObject({
      authenticator: { created_at: '2026-03-01T12:00:00.000Z', confirmed_at: null },
      api_keys: [{ id: key.id, name: 'Nightly', made_at: [expect.any(String), expect.any(String)] }],
      recovery_codes: [{ created_at: '2026-03-01T12:00:00.000Z', used_at: null }],
      passkeys: [{ name: 'My laptop', created_at: '2026-03-01T12:00:00.000Z' }],
      links: [{ purpose: 'email-verification', email: ada.account.email, used_at: null }],
      invitations_made: [{ email: 'new@example.com', role: 'viewer', accepted_at: null }],
      workspaces: [{ role: 'owner' }],
      strategies: [{ ...strategy, version: 1, archived_at: null }],
    })
    expect(data.tokens_count_from).not.toBeNull()
    expect(data.sessions).toMatchObject([
      { ended_at: null, address: '127.0.0.1', renewed_at: [] },
      { ended_at: expect.any(String), user_agent: FIREFOX, renewed_at: [expect.any(String)] },
    ])
    expect(data.activity.total).toBe(data.activity.entries.length)
    expect(data.activity.entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['account.registered', 'session.others_revoked', 'api_key.rotated', 'strategy.created']),
    )
    expect(data.activity.entries.filter(({ action }) => action === 'account.registered')).toHaveLength(1)
    const text = JSON.stringify(reply.body)
    expect(text).not.toContain(bob.account.email)
    expect(text).not.toContain('another’s')
    expect(text).not.toContain(key.api_key.hint)
    expect(text).not.toMatch(/hash|hmac|\$2b\$|salt|password|secret|token"|marker|77123/i)
    for (const row of await read('SELECT hash, salt FROM refresh_tokens'))
      for (const secret of Object.values(row)) if (secret) expect(text).not.toContain(secret)
    expect((await readLog(server)).text).not.toContain(ada.account.email)
  })
})

test.each([
  ['nobody', '', 401],
  ['an unreadable token', 'nonsense', 401],
])('%s gets none of it', async (_who, token, status) => {
  const { client } = await startTestServer()
  const stranger = client.withToken(token)

  expect((await rename(stranger, { name: 'X' })).status).toBe(status)
  expect((await remove(stranger, 'a long enough password')).status).toBe(status)
  expect((await stranger.get('/api/auth/my-data')).status).toBe(status)
})

async function idOf(client: TestClient): Promise<string> {
  return (await client.get('/api/auth/verify')).body.user.id
}

async function admin(server: TestServer, name: string): Promise<TestClient> {
  const client = await server.signUp(name)
  const { users } = await openBeside(server)
  await users.update(await idOf(client), { role: 'admin' })
  return server.client.login(client.account)
}
