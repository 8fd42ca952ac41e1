import { describe, expect, test } from 'vitest'
import { endpoints } from '../../../contracts/endpoints'
import { openBeside } from '../../support/beside'
import { asPage } from '../../support/page-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'
import { readToken } from '../../support/tokens'

const NOBODY = '00000000-0000-4000-8000-000000000000'

const idOf = (client: TestClient) => String(readToken(client.token).claims.sub)
const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const pathOf = (client: TestClient | string, rest = '') =>
  `/api/admin/users/${typeof client === 'string' ? client : idOf(client)}${rest}`
const change = (admin: TestClient, whom: TestClient | string, body: object) =>
  admin.request('PATCH', pathOf(whom), body)

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const server = await startTestServer({ dialect })
    return { ...server, admin: await server.setUp('Grace Administrator') }
  }

  test('an account is read as it is, with its sessions', async () => {
    const { admin, client, signUp } = await start()
    const ada = await signUp('Ada')
    await client.login(ada.account)

    const { body } = await admin.get(pathOf(ada))

    expect(body.user).toEqual({
      id: idOf(ada),
      email: ada.account.email,
      name: 'Ada',
      role: 'analyst',
      is_active: true,
      created_at: expect.stringMatching(/Z$/),
      sessions: 2,
      has_second_factor: false,
      last_seen_at: expect.stringMatching(/Z$/),
    })
    expect((await admin.get(pathOf(NOBODY))).status).toBe(404)
  })

  test('a role that is given counts at once, and is written down', async () => {
    const { admin, client, signUp, ...server } = await start()
    const ada = await signUp('Ada')
    const page = asPage(client)
    await page.signIn(ada.account)

    const reply = await change(admin, ada, { role: 'reviewer' })

    expect(reply).toMatchObject({ status: 200, body: { user: { role: 'reviewer', sessions: 2 } } })
    expect(await statusOf(ada)).toBe(401)
    const renewed = ada.withToken((await page.refresh()).body.access_token)
    expect((await renewed.get('/api/auth/me/permissions')).body.role).toBe('reviewer')
    await change(admin, ada, { role: 'reviewer' })
    expect(await statusOf(renewed)).toBe(200)
    const { read } = await openBeside(server)
    expect(
      await read("SELECT actor_id, account_id, details FROM audit_log WHERE action = 'user.role_changed'"),
    ).toMatchObject([{ actor_id: idOf(admin), account_id: idOf(ada) }])
  })

  test('a deactivated account has no sessions and cannot sign in, until it is activated', async () => {
    const { admin, client, signUp } = await start()
    const ada = await signUp('Ada')

    expect((await change(admin, ada, { is_active: false })).body.user).toMatchObject({ is_active: false, sessions: 0 })

    expect(await statusOf(ada)).toBe(401)
    expect((await client.post('/api/auth/login', ada.account)).body.code).toBe('account_inactive')
    await change(admin, ada, { is_active: true })
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(200)
    expect(await statusOf(ada)).toBe(401)
  })

  test.each([{ role: 'analyst' }, { is_active: false }, { role: 'viewer', is_active: false }])(
    'the last active administrator stays one: %j',
    async (body) => {
      const { admin, client, signUp, ...server } = await start()
      const other = await signUp('Other')
      await change(admin, other, { role: 'admin', is_active: false })

      const reply = await change(admin, admin, body)

      expect(reply).toMatchObject({ status: 409, body: { code: 'last_administrator' } })
      expect(await statusOf(admin)).toBe(200)
      const { read } = await openBeside(server)
      const logged = await read('SELECT account_id FROM audit_log WHERE action IN (:actions)', {
        actions: ['user.role_changed', 'user.deactivated'],
      })
      expect(logged.filter(({ account_id }) => account_id === idOf(admin))).toEqual([])
      await change(admin, other, { is_active: true })
      expect((await change(admin, admin, body)).status).toBe(200)
    },
  )

  test('of administrators who demote and deactivate each other at once, one is left', async () => {
    const { admin, client, signUp, startSibling, ...server } = await start()
    const others = [await signUp('Second'), await signUp('Third')]
    for (const other of others) await change(admin, other, { role: 'admin' })
    const admins = [admin, ...(await Promise.all(others.map(({ account }) => client.login(account))))]
    const sibling = await startSibling()

    const replies = await Promise.all(
      admins.flatMap((one, index) =>
        admins
          .filter((other) => other !== one)
          .map((other) =>
            change(
              index === 0 ? one : one.at(sibling.origin),
              other,
              index === 1 ? { is_active: false } : { role: 'viewer' },
            ),
          ),
      ),
    )

    const { read } = await openBeside(server)
    const left = await read("SELECT id FROM users WHERE role = 'admin' AND is_active = :yes", { yes: true })
    expect(left.length).toBeGreaterThanOrEqual(1)
    for (const { status } of replies) expect([200, 401, 409]).toContain(status)
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  })

  test('sessions of others are listed and ended, one or all, and nobody else loses theirs', async () => {
    const { admin, client, signUp, ...server } = await start()
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const elsewhere = await client.login(ada.account)

    const { sessions } = (await admin.get(pathOf(ada, '/sessions'))).body
    expect(sessions.map(({ id }: { id: string }) => id).sort()).toEqual(
      [ada, elsewhere].map(({ token }) => readToken(token).claims.sid).sort(),
    )
    expect(sessions.every(({ is_current }: { is_current: boolean }) => !is_current)).toBe(true)
    const end = (whom: TestClient, of: TestClient) =>
      admin.request('DELETE', pathOf(whom, `/sessions/${readToken(of.token).claims.sid}`))
    expect((await end(ada, bob)).status).toBe(404)
    expect((await end(ada, elsewhere)).status).toBe(200)
    expect([await statusOf(elsewhere), await statusOf(ada), await statusOf(bob)]).toEqual([401, 200, 200])

    const all = await admin.request('DELETE', pathOf(ada, '/sessions'))
    expect(all.body.message).toBe('One session has ended.')
    expect([await statusOf(ada), await statusOf(bob)]).toEqual([401, 200])
    const { read } = await openBeside(server)
    expect(
      await read('SELECT action FROM audit_log WHERE actor_id = :id AND account_id <> :id ORDER BY seq', {
        id: idOf(admin),
      }),
    ).toEqual([{ action: 'session.revoked' }, { action: 'user.sessions_ended' }])
  })

  test('what failures have locked is shown, and opened before its time', async () => {
    const { admin, client, signUp, ...server } = await start()
    const ada = await signUp('Ada')
    const tryWrong = () => client.post('/api/auth/login', { ...ada.account, password: 'not the right one' })
    for (let failure = 0; failure < 10; failure += 1) expect((await tryWrong()).status).toBe(401)
    expect((await tryWrong()).status).toBe(429)

    const { locks } = (await admin.get(pathOf(ada, '/locks'))).body
    expect(locks).toEqual([
      { attempt: 'sign_in', place: 'one_address', failures: 10, locked_until: expect.stringMatching(/Z$/) },
    ])
    expect((await admin.get(pathOf(admin, '/locks'))).body.locks).toEqual([])
    expect((await admin.request('DELETE', pathOf(ada, '/locks'))).status).toBe(200)

    expect((await admin.get(pathOf(ada, '/locks'))).body).toEqual({ locks: [], total: 0, next_cursor: null })
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(200)
    const { read } = await openBeside(server)
    expect(await read("SELECT account_id FROM audit_log WHERE action = 'user.unlocked'")).toEqual([
      { account_id: idOf(ada) },
    ])
  })

  test('failures are forgotten with their entry in the audit log, or not at all', async () => {
    const { admin, client, signUp, ...server } = await start()
    const ada = await signUp('Ada')
    const wrong = { ...ada.account, password: 'not the right one' }
    for (let failure = 0; failure < 10; failure += 1) await client.post('/api/auth/login', wrong)
    const locks = async () => (await admin.get(pathOf(ada, '/locks'))).body.locks
    const { change } = await openBeside(server)

    await change('ALTER TABLE audit_log RENAME TO audit_log_away')
    expect((await admin.request('DELETE', pathOf(ada, '/locks'))).status).toBe(500)
    await change('ALTER TABLE audit_log_away RENAME TO audit_log')

    expect(await locks()).toMatchObject([{ attempt: 'sign_in', failures: 10 }])
    expect((await admin.request('DELETE', pathOf(ada, '/locks'))).status).toBe(200)
    expect(await locks()).toEqual([])
  })

  describe('the list', () => {
    const PEOPLE = ['Zoë', 'adam', 'Bea', 'carl', 'Dora', 'édith', '100%', 'a_b', 'ab']

    async function startWithPeople() {
      const started = await start()
      const { users } = await openBeside(started)
      for (const [index, name] of PEOPLE.entries())
        await users.create({
          name,
          email: `p${index}@example.com`,
          password: 'a long enough password',
          ...(index < 2 && { role: 'viewer' }),
        })
      const list = async (query: string) => (await started.admin.get(`/api/admin/users?${query}`)).body
      return { ...started, users, list }
    }
    const namesOf = ({ users }: { users: { name: string }[] }) => users.map(({ name }) => name)

    test.each(['name', '-name', 'email', '-email', 'created_at', '-created_at'])(
      'has everybody once in the order of %s, page by page, while people come and go',
      async (sort) => {
        const { users, list } = await startWithPeople()
        const whole = await list(`sort=${sort}&limit=100`)
        expect([whole.total, whole.users.length, whole.next_cursor]).toEqual([10, 10, null])
        const key = sort.replace('-', '')
        const keys = whole.users.map((user: Record<string, string>) => user[key]?.toLowerCase())
        const ascii = keys.every((value: string) => /^[\w@. %:-]+$/.test(value))
        const sorted = [...keys].sort((one, other) => (one < other ? -1 : 1))
        if (ascii && key !== 'name') expect(keys).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted)

        const pages = [await list(`sort=${sort}&limit=4`)]
        await users.delete(pages[0].users[3].id)
        while (pages.at(-1).next_cursor)
          pages.push(await list(`sort=${sort}&limit=4&cursor=${encodeURIComponent(pages.at(-1).next_cursor)}`))

        expect(pages.flatMap(namesOf)).toEqual(namesOf(whole))
      },
    )

    test.each([
      ['search=ADA', ['adam']],
      ['search=p7%40', ['a_b']],
      ['search=%25', ['100%']],
      ['search=a_b', ['a_b']],
      ["search=' OR 1=1", []],
      ['role=viewer', ['adam', 'Zoë']],
      ['role=admin', ['Grace Administrator']],
      ['status=inactive', []],
      ['search=zoë&role=analyst', []],
    ])('with %s has %j', async (query, names) => {
      const { list } = await startWithPeople()

      const found = await list(query)

      expect(namesOf(found).sort()).toEqual([...names].sort())
      expect(found.total).toBe(names.length)
    })
  })
})

test.each([
  ['sort=hashed_password', 'sort'],
  ['role=root', 'role'],
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=x', 'limit'],
  ['cursor=x', 'cursor'],
  [`cursor=${Buffer.from('["-name","a","b"]').toString('base64url')}`, 'cursor'],
  [`sort=created_at&cursor=${Buffer.from('["created_at","9999-99-99","b"]').toString('base64url')}`, 'cursor'],
])('a list with %s is refused', async (query, field) => {
  const server = await startTestServer()
  const admin = await server.setUp()

  const reply = await admin.get(`/api/admin/users?${query}`)

  expect(reply).toMatchObject({ status: 422, body: { errors: [{ field }] } })
})

test.each<[string, object]>([
  ['nothing', {}],
  ['a role that is none', { role: 'root' }],
  ['something else', { is_admin: true, name: 'Mallory' }],
  ['text for a flag', { is_active: 'false' }],
])('a change to %s is refused', async (_what, body) => {
  const server = await startTestServer()
  const admin = await server.setUp()
  const ada = await server.signUp('Ada')

  expect((await change(admin, ada, body)).status).toBe(422)
  expect((await admin.get(pathOf(ada))).body.user).toMatchObject({ name: 'Ada', role: 'analyst', is_active: true })
})

test('nobody but an administrator gets anywhere, and an administrator who was is one no more at once', async () => {
  const server = await startTestServer()
  const admin = await server.setUp()
  const [ada, second] = [await server.signUp('Ada'), await server.signUp('Second')]
  await change(admin, second, { role: 'admin' })
  const asSecond = await server.client.login(second.account)
  const administrative = Object.values(endpoints).filter(({ path }) => path.startsWith('/api/admin/'))
  expect(administrative.length).toBeGreaterThan(8)

  for (const { method, path } of administrative) {
    const address = path.replace(':id', idOf(admin)).replace(':sessionId', NOBODY)
    expect((await server.client.request(method.toUpperCase(), address)).status).toBe(401)
    expect(await ada.request(method.toUpperCase(), address)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
    })
  }
  expect((await asSecond.get('/api/admin/users')).status).toBe(200)
  await change(admin, second, { role: 'analyst' })
  await expect.poll(async () => (await asSecond.get('/api/admin/users')).status).toBe(401)
  const again = await server.client.login(second.account)
  expect((await again.get('/api/admin/users')).status).toBe(403)
})
