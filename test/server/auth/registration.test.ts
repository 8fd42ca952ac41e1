import { describe, expect, test } from 'vitest'
import type { RegistrationMode } from '../../../contracts/registration'
import { openBeside, readLog } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const PASSWORD = 'a long enough password'
const BOB = { email: 'bob@example.com', password: PASSWORD, name: 'Bob' }
const DAY_MS = 86_400_000

const invite = async (admin: TestClient, body: object = {}) => (await admin.post('/api/admin/invitations', body)).body
const register = (client: TestClient, body: object) => client.post('/api/auth/register', { ...BOB, ...body })
const look = (client: TestClient, invitation: string) => client.post('/api/auth/invitation', { invitation })
const roleOf = async (client: TestClient, token: string) =>
  (await client.withToken(token).get('/api/auth/me/permissions')).body.role

async function startWith(registration: RegistrationMode, now: () => number = Date.now) {
  const server = await startTestServer({ config: { registration }, now })
  return { ...server, admin: await server.setUp() }
}

test.each<[RegistrationMode, string, number, string | undefined]>([
  ['open', 'without an invitation', 200, undefined],
  ['open', 'with an invitation', 200, undefined],
  ['open', 'with an invitation that is none', 400, 'invitation_invalid'],
  ['invitation', 'without an invitation', 403, 'invitation_required'],
  ['invitation', 'with an invitation', 200, undefined],
  ['invitation', 'with an invitation that is none', 400, 'invitation_invalid'],
  ['closed', 'without an invitation', 403, 'registration_closed'],
  ['closed', 'with an invitation', 403, 'registration_closed'],
])('registration that is %s, %s: %i', async (mode, how, status, code) => {
  const { client, admin, ...server } = await startWith(mode)
  const { token } = await invite(admin)
  const given: Record<string, string> = {
    'with an invitation': token,
    'with an invitation that is none': 'a'.repeat(43),
  }

  const reply = await register(client, { invitation: given[how] })

  expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code })
  expect((await client.get('/api/auth/settings')).body).toEqual({
    first_run: false,
    registration: mode,
    password_min_length: 8,
    second_factor_required: false,
    has_mail: false,
  })
  expect((await (await openBeside(server)).users.listAll()).total).toBe(status === 200 ? 2 : 1)
})

test.each(['invitation', 'closed'] as const)(
  'where registration is %s nobody learns which addresses are taken',
  async (mode) => {
    const { client, admin } = await startWith(mode)

    const taken = await register(client, { email: admin.account.email })
    const free = await register(client, {})

    expect(taken.status).toBe(403)
    expect(taken.body).toEqual(free.body)
  },
)

test('where registration is closed an invitation is not even looked at', async () => {
  const { client, admin } = await startWith('closed')
  const { token } = await invite(admin)

  expect(await look(client, token)).toMatchObject({ status: 403, body: { code: 'registration_closed' } })
})

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const clock = { now: Date.now() }
    const server = await startTestServer({ dialect, config: { registration: 'invitation' }, now: () => clock.now })
    return { ...server, clock, admin: await server.setUp() }
  }

  test('an invitation gives its role, to one person, once', async () => {
    const { client, admin } = await start()
    const { token, invitation } = await invite(admin, { role: 'reviewer', expires_in_days: 3 })
    expect(await look(client, token)).toMatchObject({
      status: 200,
      body: { email: null, role: 'reviewer', expires_at: invitation.expires_at },
    })

    const reply = await register(client, { invitation: token })

    expect(await roleOf(client, reply.body.access_token)).toBe('reviewer')
    for (const again of [
      await register(client, { invitation: token, email: 'eve@example.com' }),
      await look(client, token),
    ])
      expect(again).toMatchObject({ status: 400, body: { code: 'invitation_invalid' } })
    const { invitations } = (await admin.get('/api/admin/invitations')).body
    expect(invitations).toEqual([{ ...invitation, state: 'accepted', accepted_by: 'Bob' }])
  })

  test('of many who use one invitation at once one gets in, and the others leave nothing behind', async () => {
    const { client, admin, ...server } = await start()
    const { token } = await invite(admin)

    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, index) => register(client, { invitation: token, email: `b${index}@example.com` })),
    )

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400])
    const { read } = await openBeside(server)
    expect(await read('SELECT id FROM users')).toHaveLength(2)
    expect(await read('SELECT id FROM sessions')).toHaveLength(2)
  })

  test('an invitation for an address is for that address, in any case', async () => {
    const { client, admin } = await start()
    const { token, invitation } = await invite(admin, { email: ' Bob@Example.com' })
    expect(invitation.email).toBe('bob@example.com')

    const other = await register(client, { invitation: token, email: 'eve@example.com' })
    expect(other).toMatchObject({ status: 400, body: { code: 'invitation_invalid' } })
    expect((await look(client, token)).status).toBe(200)

    expect((await register(client, { invitation: token, email: 'BOB@example.com' })).status).toBe(200)
  })

  test('a registration that fails for another reason leaves the invitation open', async () => {
    const { client, admin } = await start()
    const { token } = await invite(admin)

    expect((await register(client, { invitation: token, email: admin.account.email })).body.code).toBe('email_taken')
    expect((await register(client, { invitation: token, password: 'password1' })).status).toBe(422)

    expect((await register(client, { invitation: token })).status).toBe(200)
  })

  test('an invitation that expired or was revoked does not count, and nobody learns why', async () => {
    const { client, admin, clock } = await start()
    const [late, revoked] = [await invite(admin, { expires_in_days: 1 }), await invite(admin)]
    const revoke = () => admin.request('DELETE', `/api/admin/invitations/${revoked.invitation.id}`)
    expect((await revoke()).status).toBe(200)
    expect((await revoke()).status).toBe(404)
    clock.now += DAY_MS - 1000
    expect((await look(client, late.token)).status).toBe(200)

    clock.now += 1000

    const unknown = await look(client, 'a'.repeat(43))
    for (const token of [late.token, revoked.token]) {
      expect(await look(client, token)).toMatchObject({ status: 400, body: unknown.body })
      expect(await register(client, { invitation: token })).toMatchObject({ status: 400, body: unknown.body })
    }
    const signedInAgain = await client.login(admin.account)
    // After a day without a word from it, a node on Postgres waits to hear from its database.
    const states = async () => {
      const { body } = await signedInAgain.get('/api/admin/invitations')
      return body.invitations?.map(({ state }: { state: string }) => state).sort()
    }
    await expect.poll(states).toEqual(['expired', 'revoked'])
  })

  test('the list has every invitation once, page by page', async () => {
    const { admin } = await start()
    const made: string[] = []
    for (let index = 0; index < 30; index += 1) made.push((await invite(admin)).invitation.id)

    const first = (await admin.get('/api/admin/invitations')).body
    const second = (await admin.get(`/api/admin/invitations?cursor=${first.next_cursor}`)).body

    expect([first.total, first.invitations.length, second.invitations.length]).toEqual([30, 25, 5])
    expect(second.next_cursor).toBeNull()
    const listed = [...first.invitations, ...second.invitations].map(({ id }: { id: string }) => id)
    expect([...listed].sort()).toEqual([...made].sort())
  })

  test('the token of an invitation is kept nowhere', async () => {
    const { admin, client, ...server } = await start()
    const { token } = await invite(admin)
    await look(client, token)
    await register(client, { invitation: token })

    expect(token).toMatch(/^[\w-]{43}$/)
    const { read } = await openBeside(server)
    expect(JSON.stringify(await read('SELECT * FROM invitations'))).not.toContain(token)
    expect((await readLog(server)).text).not.toContain(token)
  })
})

test.each<[string, object, string]>([
  ['a role that is none', { role: 'root' }, 'role'],
  ['no time at all', { expires_in_days: 0 }, 'expires_in_days'],
  ['more than 90 days', { expires_in_days: 91 }, 'expires_in_days'],
  ['half a day', { expires_in_days: 0.5 }, 'expires_in_days'],
  ['an address that is none', { email: 'bob' }, 'email'],
])('an invitation with %s is refused', async (_what, body, field) => {
  const { admin } = await startWith('open')

  const reply = await admin.post('/api/admin/invitations', body)

  expect(reply).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  expect((await admin.get('/api/admin/invitations')).body.total).toBe(0)
})

test.each(['x', '', '=', Buffer.from('["2026","x"]').toString('base64url'), Buffer.from('[]').toString('base64url')])(
  'the cursor "%s" is refused',
  async (cursor) => {
    const { admin } = await startWith('open')

    const reply = await admin.get(`/api/admin/invitations?cursor=${cursor}`)

    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'cursor' }] } })
  },
)

test('only administrators invite, list and revoke', async () => {
  const { client, admin, signUp } = await startWith('open')
  const { invitation } = await invite(admin)
  const analyst = await signUp('Ada')

  for (const [method, path] of [
    ['POST', '/api/admin/invitations'],
    ['GET', '/api/admin/invitations'],
    ['DELETE', `/api/admin/invitations/${invitation.id}`],
  ] as const) {
    expect((await client.request(method, path)).status).toBe(401)
    expect(await analyst.request(method, path)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
  }
  expect((await admin.get('/api/admin/invitations')).body).toMatchObject({ total: 1, invitations: [{ state: 'open' }] })
})
