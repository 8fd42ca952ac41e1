import { describe, expect, test } from 'vitest'
import { openAuditLog } from '../../../support/audit-log'
import { type Authenticator, makeAuthenticator } from '../../../support/authenticator'
import { enrolled } from '../../../support/protected-account'
import { DIALECTS, startTestServer, type TestServer } from '../../../support/start-test-server'
import type { TestClient } from '../../../support/test-client'

/** Speaks as a page of ours does that was opened by a name. */
function onPage(server: TestServer, client: TestClient) {
  const origin = `http://localhost:${new URL(server.origin).port}`
  const there = client.at(origin)
  return {
    origin,
    post: (path: string, body?: unknown, headers = {}) => there.post(path, body, { headers: { origin, ...headers } }),
    get: (path: string) => there.get(path),
    remove: (path: string) => there.request('DELETE', path, undefined, { headers: { origin } }),
  }
}
type OnPage = ReturnType<typeof onPage>

async function addPasskey(page: OnPage, authenticator: Authenticator, name = 'My laptop') {
  const { body } = await page.post('/api/auth/factors/passkeys/options')
  const credential = authenticator.make(body.options.challenge, page)
  return page.post('/api/auth/factors/passkeys', { name, credential })
}

async function signInAlone(page: OnPage, authenticator: Authenticator, at: { origin: string; rpId?: string } = page) {
  const { body } = await page.post('/api/auth/login/passkey/options', {})
  return page.post('/api/auth/login/passkey', { credential: authenticator.show(body.options.challenge, at) })
}

describe.each(DIALECTS)('on %s', (dialect) => {
  async function adaWithPasskey(authenticator = makeAuthenticator()) {
    const server = await startTestServer({ dialect })
    const client = await server.signUp('Ada')
    const page = onPage(server, client)
    const added = await addPasskey(page, authenticator)
    expect(added.status).toBe(200)
    const { email, password } = client.account
    return {
      server,
      client,
      page,
      authenticator,
      recoveryCodes: added.body.recovery_codes as string[],
      password: () => page.post('/api/auth/login', { email, password }),
    }
  }

  test('the first passkey brings recovery codes, the next one leaves them, and the list shows both', async () => {
    const { page, recoveryCodes } = await adaWithPasskey()
    expect(recoveryCodes).toHaveLength(10)

    expect((await addPasskey(page, makeAuthenticator(), 'My key')).body).toEqual({ recovery_codes: null })

    const { body } = await page.get('/api/auth/factors')
    expect(body).toMatchObject({
      totp: null,
      passkeys: [
        { name: 'My laptop', site: 'localhost', last_used_at: null },
        { name: 'My key', site: 'localhost' },
      ],
      recovery_codes_left: 10,
    })
  })

  test('a passkey signs in without a password, and its use is noted', async () => {
    const { page, authenticator, client } = await adaWithPasskey()

    const reply = await signInAlone(page, authenticator)

    expect(reply).toMatchObject({ status: 200, body: { user: { email: client.account.email } } })
    expect((await page.get('/api/auth/factors')).body.passkeys[0].last_used_at).toMatch(/Z$/)
  })

  test('after the password a passkey is asked for, and finishes the sign-in', async () => {
    const { page, authenticator, password } = await adaWithPasskey()
    const { body } = await password()
    expect(body).toMatchObject({
      code: 'second_factor_required',
      second_factor: { methods: ['passkey', 'recovery_code'] },
    })
    const { challenge } = body.second_factor

    const { options } = (await page.post('/api/auth/login/passkey/options', { challenge })).body
    expect(options).toMatchObject({ challenge, rpId: 'localhost', allowCredentials: [{ type: 'public-key' }] })
    const credential = authenticator.show(options.challenge, page)

    expect((await page.post('/api/auth/login/passkey', { credential })).status).toBe(200)
    expect(await page.post('/api/auth/login/passkey', { credential })).toMatchObject({
      status: 401,
      body: { code: 'challenge_expired' },
    })
  })

  test('as a second factor it need not make sure of its owner, alone it must', async () => {
    const { page, authenticator, password } = await adaWithPasskey(makeAuthenticator({ verifiesUser: false }))
    const { challenge } = (await password()).body.second_factor
    await page.post('/api/auth/login/passkey/options', { challenge })

    const second = await page.post('/api/auth/login/passkey', { credential: authenticator.show(challenge, page) })

    expect(second.status).toBe(200)
    expect(await signInAlone(page, authenticator)).toMatchObject({ status: 400, body: { code: 'wrong_passkey' } })
  })

  test.each<[string, (page: OnPage) => { origin: string; rpId?: string }]>([
    ['for another origin on this computer', () => ({ origin: 'http://localhost:1' })],
    ['for another site', (page) => ({ origin: page.origin, rpId: 'evil.example' })],
    ['for a foreign page', () => ({ origin: 'https://evil.example' })],
  ])('a signature %s opens nothing', async (_what, at) => {
    const { page, authenticator } = await adaWithPasskey()
    const reply = await signInAlone(page, authenticator, at(page))
    expect(reply).toMatchObject({ status: 400, body: { code: 'wrong_passkey' } })
    expect(reply.headers.getSetCookie()).toEqual([])
  })

  test('an authenticator that is not known here, or a copy that counts backwards, opens nothing', async () => {
    const { page, authenticator } = await adaWithPasskey()
    expect((await signInAlone(page, makeAuthenticator())).body.code).toBe('wrong_passkey')
    expect((await signInAlone(page, authenticator)).status).toBe(200)
    authenticator.state.signCount = 0
    expect((await signInAlone(page, authenticator)).body.code).toBe('wrong_passkey')
  })

  test("somebody else's passkey does not answer a challenge, and one challenge is not another", async () => {
    const { server, page, authenticator, password } = await adaWithPasskey()
    const bob = onPage(server, await server.signUp('Bob'))
    const bobs = makeAuthenticator()
    await addPasskey(bob, bobs)
    const { challenge } = (await password()).body.second_factor
    await page.post('/api/auth/login/passkey/options', { challenge })

    const withBobs = await page.post('/api/auth/login/passkey', { credential: bobs.show(challenge, page) })
    const stepUp = (await page.post('/api/auth/step-up/passkey/options')).body.options.challenge
    const signIn = await page.post('/api/auth/login/passkey', { credential: authenticator.show(stepUp, page) })
    const asProof = await page.post('/api/auth/step-up/passkey', { credential: authenticator.show(challenge, page) })

    expect(withBobs.body.code).toBe('wrong_passkey')
    expect(signIn.body.code).toBe('challenge_expired')
    expect(asProof.body.code).toBe('wrong_passkey')
  })

  test('of ten uses of one signature at once, one counts, also where the authenticator does not count', async () => {
    const { page, authenticator } = await adaWithPasskey(makeAuthenticator({ counts: false }))
    const { body } = await page.post('/api/auth/login/passkey/options', {})
    const credential = authenticator.show(body.options.challenge, page)

    const replies = await Promise.all(
      Array.from({ length: 10 }, () => page.post('/api/auth/login/passkey', { credential })),
    )

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a deactivated account is not opened by its passkey', async () => {
    const { server, page, authenticator, client } = await adaWithPasskey()
    const { openTestDatabase } = await import('../../../support/open-test-database')
    const { models } = await openTestDatabase(server)
    await models.User.update({ isActive: false }, { where: { email: client.account.email } })
    expect(await signInAlone(page, authenticator)).toMatchObject({ status: 403, body: { code: 'account_inactive' } })
  })

  test('a passkey is a fresh proof, for the session that asked', async () => {
    const { server, page, authenticator } = await adaWithPasskey(makeAuthenticator({ counts: false }))
    expect((await page.get('/api/auth/step-up')).body.methods).toEqual(['passkey', 'recovery_code'])
    const { options } = (await page.post('/api/auth/step-up/passkey/options')).body
    const credential = authenticator.show(options.challenge, page)

    const elsewhere = onPage(
      server,
      server.client.withToken((await signInAlone(page, authenticator)).body.access_token),
    )
    expect((await elsewhere.post('/api/auth/step-up/passkey', { credential })).body.code).toBe('wrong_passkey')
    const reply = await page.post('/api/auth/step-up/passkey', { credential })
    expect(reply.status).toBe(200)
    const proved = onPage(server, server.client.withToken(reply.body.access_token))
    expect((await proved.post('/api/auth/step-up/passkey', { credential })).body.code).toBe('wrong_passkey')
    expect((await proved.post('/api/auth/factors/totp')).status).toBe(200)
  })

  test('the last factor to go takes the recovery codes with it, not one before', async () => {
    const { page, password } = await adaWithPasskey()
    await addPasskey(page, makeAuthenticator())
    const [first, second] = (await page.get('/api/auth/factors')).body.passkeys

    await page.remove(`/api/auth/factors/passkeys/${first.id}`)
    expect((await page.get('/api/auth/factors')).body.recovery_codes_left).toBe(10)
    await page.remove(`/api/auth/factors/passkeys/${second.id}`)

    expect((await page.get('/api/auth/factors')).body).toEqual({ totp: null, passkeys: [], recovery_codes_left: 0 })
    expect((await password()).status).toBe(200)
  })

  test('an app beside a passkey: either finishes a sign-in', async () => {
    const server = await startTestServer({ dialect })
    const ada = await enrolled(await server.signUp('Ada'), Date.now)
    const page = onPage(server, ada.client)
    const authenticator = makeAuthenticator()
    expect((await addPasskey(page, authenticator)).body.recovery_codes).toBeNull()

    const { methods } = (await ada.password()).body.second_factor
    expect(methods).toEqual(['totp', 'passkey', 'recovery_code'])
    expect((await ada.signIn(ada.code(1))).status).toBe(200)
    expect((await signInAlone(page, authenticator)).status).toBe(200)
  })

  test("a passkey of somebody else's is not removed, and cannot be added twice", async () => {
    const { server, page, authenticator } = await adaWithPasskey()
    const bob = onPage(server, await server.signUp('Bob'))
    const [{ id }] = (await page.get('/api/auth/factors')).body.passkeys

    expect((await bob.remove(`/api/auth/factors/passkeys/${id}`)).status).toBe(404)
    expect((await addPasskey(bob, authenticator)).body.code).toBe('wrong_passkey')
    expect((await page.get('/api/auth/factors')).body.passkeys).toHaveLength(1)
  })

  test.each([
    ['an address of numbers', (server: TestServer) => server.origin],
    ['no page at all', () => undefined],
  ])('from %s there are no passkeys, and it is said where there are', async (_what, originOf) => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const origin = originOf(server)
    const headers = origin === undefined ? {} : { origin }

    for (const path of ['/api/auth/factors/passkeys/options', '/api/auth/login/passkey/options']) {
      const reply = await ada.post(path, {}, { headers })
      expect(reply).toMatchObject({ status: 409, body: { code: 'passkeys_unavailable' } })
      expect(reply.body.detail).toContain(`http://localhost:${new URL(server.origin).port}`)
    }
  })

  test('passkeys are in the audit log by what they did', async () => {
    const { server, page, authenticator } = await adaWithPasskey()
    const log = await openAuditLog(server)
    await signInAlone(page, authenticator)
    await signInAlone(page, makeAuthenticator())
    await server.close()

    const told = (await log.entries()).map(({ action, outcome, details }) => [action, outcome, details])
    expect(told).toContainEqual(['factor.confirmed', 'success', { factor: 'passkey' }])
    expect(told).toContainEqual(['session.signed_in', 'success', { second_factor: 'passkey' }])
    expect(told).toContainEqual(['session.signed_in', 'failure', { reason: 'wrong_passkey' }])
  })

  test.each([
    [{}],
    [{ credential: { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: '' } } }],
    [
      {
        credential: {
          id: 'x',
          rawId: 'x',
          type: 'public-key',
          response: { clientDataJSON: 'bnVsbA', authenticatorData: 'AA', signature: 'AA' },
        },
      },
    ],
  ])('%j opens nothing, and breaks nothing', async (body) => {
    const server = await startTestServer({ dialect })
    const reply = await onPage(server, server.client).post('/api/auth/login/passkey', body)
    expect([401, 422]).toContain(reply.status)
  })
})
