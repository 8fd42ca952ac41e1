import { describe, expect, onTestFinished, test } from 'vitest'
import { endpoints } from '../../../contracts/endpoints'
import { KEY_SCOPES, ROLES, type Role, roles, SCOPES, type Scope } from '../../../contracts/scopes'
import { HERE, openBeside, UNLIMITED } from '../../support/beside'
import { asPage } from '../../support/page-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'
import { readToken } from '../../support/tokens'

const userIdOf = (client: TestClient) => String(readToken(client.token).claims.sub)
const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const permissionsOf = async (client: TestClient) => (await client.get('/api/auth/me/permissions')).body

/** Lets an endpoint ask for another scope, for as long as the test runs. */
function asking(scope: Scope): void {
  const verify: { scope: Scope } = endpoints.verify
  const usual = verify.scope
  onTestFinished(() => {
    verify.scope = usual
  })
  verify.scope = scope
}

test('no API key can be given what manages people, the server, or who sees what', () => {
  const forPeople = SCOPES.filter((scope) => !KEY_SCOPES.some((other) => other === scope))

  expect(forPeople).toEqual(['account:manage', 'workspaces:manage', 'users:manage', 'audit:read', 'server:manage'])
})

test('each role allows what the one before it does, and more; an administrator everything', () => {
  expect(ROLES).toEqual(['viewer', 'analyst', 'reviewer', 'admin'])
  for (const [index, role] of ROLES.entries()) {
    const before: readonly Scope[] = roles[ROLES[index - 1] ?? 'viewer'].scopes
    expect(roles[role].scopes).toEqual(expect.arrayContaining([...before]))
  }
  expect(roles.viewer.scopes).toEqual(['account:read', 'account:manage', 'ledger:read'])
  expect(roles.admin.scopes).toEqual(SCOPES)
})

test.each(SCOPES)(
  'an endpoint that asks for %s answers the roles that include it, and 403 to the rest',
  async (scope) => {
    asking(scope)
    const server = await startTestServer()
    const { users } = await openBeside(server)

    for (const role of ROLES) {
      const person = await server.signUp(role)
      await users.update(userIdOf(person), { role })
      const { status, body, headers } = await (await server.client.login(person.account)).get('/api/auth/verify')

      const allowed: readonly Scope[] = roles[role].scopes
      expect({ role, status }).toEqual({ role, status: allowed.includes(scope) ? 200 : 403 })
      if (status === 200) continue
      expect(body).toMatchObject({ code: 'insufficient_scope', detail: expect.stringContaining(scope) })
      expect(headers.get('www-authenticate')).toBe(
        `Bearer realm="Aurelius", error="insufficient_scope", error_description="${body.detail}", scope="${scope}"`,
      )
    }
    expect(await statusOf(server.client)).toBe(401)
  },
)

describe.each(DIALECTS)('on %s', (dialect) => {
  test('who registers is an analyst, is told so, and is no more on the wire than before', async () => {
    const ada = await (await startTestServer({ dialect })).signUp()

    expect(await permissionsOf(ada)).toEqual({ role: 'analyst', scopes: roles.analyst.scopes })
    expect(Object.keys((await ada.get('/api/auth/verify')).body.user).sort()).toEqual([
      'created_at',
      'email',
      'id',
      'is_active',
      'is_admin',
      'name',
    ])
  })

  test('a new role ends the tokens of the old one at once, on every node, and those of nobody else', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const { users, accounts } = await openBeside(server)
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    expect(await statusOf(ada.at(sibling.origin))).toBe(200)

    await users.update(userIdOf(ada), { role: 'admin' })

    expect(() => accounts.authenticate(`Bearer ${ada.token}`, HERE, UNLIMITED)).toThrow(
      'What you may do here has changed: sign in again.',
    )
    for (const origin of [server.origin, sibling.origin]) {
      await expect.poll(() => statusOf(ada.at(origin))).toBe(401)
      expect(await statusOf(bob.at(origin))).toBe(200)
    }
    const again = await server.client.login(ada.account)
    expect(await permissionsOf(again)).toEqual({ role: 'admin', scopes: SCOPES })
    expect((await again.get('/api/auth/verify')).body.user.is_admin).toBe(true)
  })

  test('a token of an old role stays dead after a restart, and after a password change made since', async () => {
    const server = await startTestServer({ dialect })
    const page = asPage(server.client)
    const ada = await server.signUp('Ada')
    const beside = await openBeside(server)
    await beside.users.update(userIdOf(ada), { role: 'admin' })
    const asAdmin = ada.withToken((await page.signIn(ada.account)).access_token)
    await beside.users.update(userIdOf(ada), { role: 'viewer' })
    await expect.poll(() => statusOf(asAdmin)).toBe(401)

    const asViewer = ada.withToken((await page.refresh()).body.access_token)
    const { status } = await asViewer.post('/api/auth/change-password', {
      current_password: ada.account.password,
      new_password: 'another good password',
    })

    expect(status).toBe(200)
    expect(await statusOf(asAdmin)).toBe(401)
    await server.close()
    const restarted = await startTestServer({ dialect, ...server })
    expect(await statusOf(asAdmin.at(restarted.origin))).toBe(401)
    expect(await permissionsOf(asViewer.at(restarted.origin))).toEqual({ role: 'viewer', scopes: roles.viewer.scopes })
  })

  test('the page of somebody who got another role goes on: it renews its session and has the new role', async () => {
    const server = await startTestServer({ dialect })
    const { users, read } = await openBeside(server)
    const ada = await server.signUp('Ada')
    const page = asPage(server.client)
    const { access_token: first } = await page.signIn(ada.account)

    for (const role of ['reviewer', 'viewer', 'reviewer'] satisfies Role[]) {
      await users.update(userIdOf(ada), { role })
      await expect
        .poll(async () => (await permissionsOf(ada.withToken((await page.refresh()).body.access_token))).role)
        .toBe(role)
    }

    await expect.poll(() => statusOf(ada.withToken(first))).toBe(401)
    expect(await read('SELECT id FROM sessions WHERE revoked_at IS NOT NULL')).toEqual([])
  })

  test('the role is what the table says; what is no role allows the least', async () => {
    const server = await startTestServer({ dialect })
    const { change } = await openBeside(server)
    const ada = await server.signUp()
    await change("UPDATE users SET role = 'emperor', is_admin = :yes", { yes: true })

    const again = await server.client.login(ada.account)

    expect(await permissionsOf(again)).toEqual({ role: 'viewer', scopes: roles.viewer.scopes })
    expect(readToken(again.token).claims).toMatchObject({ role: 'viewer', is_admin: false })
  })
})
