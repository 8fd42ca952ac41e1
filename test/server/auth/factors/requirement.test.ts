import { describe, expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../../contracts/endpoints'
import { makeKey } from '../../../support/api-keys'
import { openAuditLog } from '../../../support/audit-log'
import { asPage } from '../../../support/page-client'
import { enrolled } from '../../../support/protected-account'
import { DIALECTS, startTestServer, type TestServer } from '../../../support/start-test-server'
import type { TestClient } from '../../../support/test-client'
import { appCode } from '../../../support/totp'

const idOf = async (client: TestClient): Promise<string> => (await client.get('/api/auth/verify')).body.user.id
const require = (admin: TestClient, required: boolean) => admin.request('PUT', '/api/admin/second-factor', { required })
const closed = {
  status: 403,
  body: {
    code: 'second_factor_enrolment_required',
    detail: expect.stringMatching(/, and if you have done so, sign in again\.$/),
  },
}

describe.each(DIALECTS)('on %s', (dialect) => {
  /** An administrator whose account is protected, so that what they require of everybody leaves them free. */
  async function start(): Promise<{ server: TestServer; admin: TestClient }> {
    const server = await startTestServer({ dialect })
    const page = await enrolled(await server.setUp(), Date.now)
    const { body } = await page.signIn(page.recoveryCodes[0])
    return { server, admin: page.client.withToken(body.access_token) }
  }

  test('whoever has none can set one up, and nothing else until then', async () => {
    const { server, admin } = await start()
    const ada = await server.signUp('Ada')

    expect((await require(admin, true)).body).toEqual({ required: true, users: 2, protected_users: 1 })

    const open: string[] = []
    for (const [name, { method, path, access, beforeFactor }] of Object.entries<Endpoint>(endpoints)) {
      if (access !== 'bearer' || name === 'logout') continue
      const { body } = await ada.request(method.toUpperCase(), path.replaceAll(/:\w+/g, 'x'))
      const isOpen = body.code !== 'second_factor_enrolment_required'
      expect({ name, isOpen }).toEqual({ name, isOpen: beforeFactor === true })
      if (isOpen) open.push(name)
    }
    expect(open).toEqual(expect.arrayContaining(['verify', 'factors', 'beginTotp', 'confirmTotp', 'addPasskey']))
    expect(open.length).toBeLessThan(13)
  })

  test('it counts at once for who is signed in, on every node and after a restart, and ends at once', async () => {
    const { server, admin } = await start()
    const sibling = await server.startSibling()
    const ada = await server.signUp('Ada')
    const there = ada.at(sibling.origin)
    expect((await there.get('/api/auth/sessions')).status).toBe(200)

    await require(admin, true)
    expect(await ada.get('/api/auth/sessions')).toMatchObject(closed)
    await expect.poll(async () => (await there.get('/api/auth/sessions')).status).toBe(403)
    const restarted = await server.startSibling()
    expect((await ada.at(restarted.origin).get('/api/auth/sessions')).status).toBe(403)
    expect((await ada.get('/api/auth/settings')).body.second_factor_required).toBe(true)

    await require(admin, false)
    expect((await ada.get('/api/auth/sessions')).status).toBe(200)
    await expect.poll(async () => (await there.get('/api/auth/sessions')).status).toBe(200)
  })

  test('with a factor set up, the next token is free: by renewing it on a page, by signing in elsewhere', async () => {
    const { server, admin } = await start()
    const { account } = await server.signUp('Ada')
    await require(admin, true)
    const page = asPage(server.client)
    const ada = server.client.withToken((await page.signIn(account)).access_token)
    const { secret } = (await ada.post('/api/auth/factors/totp')).body
    await ada.post('/api/auth/factors/totp/confirm', { code: appCode(secret, Date.now()) })

    const { body } = await page.refresh()

    expect((await server.client.withToken(body.access_token).get('/api/auth/sessions')).status).toBe(200)
  })

  test('an API key of an owner without one is closed as well, and open again once there is one', async () => {
    const { server, admin } = await start()
    const ada = await server.signUp('Ada')
    const { client: script } = await makeKey(ada, { scopes: ['account:read', 'ledger:read'] })
    const strategies = () => script.get('/api/v1/strategies')
    expect((await strategies()).status).toBe(200)

    await require(admin, true)
    expect(await strategies()).toMatchObject(closed)
    expect((await script.get('/api/auth/me/permissions')).body.scopes).toEqual(['account:read'])
    await enrolled(ada, Date.now)

    expect((await strategies()).status).toBe(200)
  })

  test('what shows no factor stays closed: a renewed token, another sign-in, a new account', async () => {
    const { server, admin } = await start()
    const { account } = await server.signUp('Ada')
    await require(admin, true)
    const page = asPage(server.client)
    const signedIn = await page.signIn(account)
    const renewed = (await page.refresh()).body

    for (const { access_token } of [signedIn, renewed])
      expect(await server.client.withToken(access_token).get('/api/auth/sessions')).toMatchObject(closed)
    expect(await (await server.signUp('Bob')).get('/api/auth/sessions')).toMatchObject(closed)
  })

  test('an administrator without a factor is held to it as well', async () => {
    const server = await startTestServer({ dialect })
    const admin = await server.setUp()
    expect((await require(admin, true)).status).toBe(200)
    expect(await admin.get('/api/admin/users')).toMatchObject(closed)
    expect(await require(admin, false)).toMatchObject(closed)
  })

  test('the last factor is not removed while one is required, another is', async () => {
    const { server, admin } = await start()
    const ada = await enrolled(await server.signUp('Ada'), Date.now)
    await require(admin, true)
    const { body } = await ada.signIn(ada.recoveryCodes[0])
    const signedIn = ada.client.withToken(body.access_token)

    expect(await signedIn.request('DELETE', '/api/auth/factors/totp')).toMatchObject({
      status: 409,
      body: { code: 'factor_required' },
    })
    expect((await ada.password()).body.code).toBe('second_factor_required')
  })

  test('an administrator proves to be there before either', async () => {
    let at = Date.parse('2026-03-01T12:00:05Z')
    const server = await startTestServer({ dialect, now: () => at })
    const admin = await server.setUp()
    const id = await idOf(await server.signUp('Ada'))
    at += 300_000

    await expect.poll(async () => (await require(admin, true)).body.code).toBe('fresh_proof_required')
    const reset = await admin.request('DELETE', `/api/admin/users/${id}/factors`)
    expect(reset.body.code).toBe('fresh_proof_required')
    expect((await admin.get('/api/admin/second-factor')).body.required).toBe(false)
  })

  test('only administrators require it or reset one', async () => {
    const { server, admin } = await start()
    const ada = await server.signUp('Ada')
    const id = await idOf(admin)

    expect((await require(ada, true)).body.code).toBe('insufficient_scope')
    expect((await ada.get('/api/admin/second-factor')).status).toBe(403)
    expect((await ada.request('DELETE', `/api/admin/users/${id}/factors`)).status).toBe(403)
    expect((await admin.get('/api/admin/second-factor')).body).toEqual({
      required: false,
      users: 2,
      protected_users: 1,
    })
  })

  test('a reset takes everything off one account, ends its sessions and its open sign-ins, and touches nobody else', async () => {
    const { server, admin } = await start()
    const ada = await enrolled(await server.signUp('Ada'), Date.now)
    const bob = await enrolled(await server.signUp('Bob'), Date.now)
    const challenge = await ada.challenge()
    const id = await idOf(ada.client)

    expect((await admin.request('DELETE', `/api/admin/users/${id}/factors`)).status).toBe(200)

    expect((await ada.client.get('/api/auth/verify')).status).toBe(401)
    expect((await ada.secondStep(challenge, ada.recoveryCodes[0] ?? '')).body.code).toBe('challenge_expired')
    const again = await ada.client.login(ada.client.account)
    expect((await again.get('/api/auth/factors')).body).toEqual({ totp: null, passkeys: [], recovery_codes_left: 0 })
    expect((await bob.password()).body.code).toBe('second_factor_required')
    expect((await bob.client.get('/api/auth/verify')).status).toBe(200)
    expect((await admin.request('DELETE', '/api/admin/users/nobody/factors')).status).toBe(404)
  })

  test('both are in the audit log, a decision that changes nothing is not', async () => {
    const { server, admin } = await start()
    const ada = await enrolled(await server.signUp('Ada'), Date.now)
    const log = await openAuditLog(server)
    const [adminId, adaId] = [await idOf(admin), await idOf(ada.client)]
    await require(admin, true)
    await require(admin, true)
    await admin.request('DELETE', `/api/admin/users/${adaId}/factors`)

    const entries = (await log.entries()).slice(-2)
    expect(entries).toMatchObject([
      { action: 'server.second_factor_required', actor_id: adminId, details: { required: true } },
      { action: 'factor.reset', actor_id: adminId, account_id: adaId, target_id: adaId },
    ])
  })
})
