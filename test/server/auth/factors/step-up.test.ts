import { describe, expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../../contracts/endpoints'
import { asPage } from '../../../support/page-client'
import { enrolled } from '../../../support/protected-account'
import { proveFresh } from '../../../support/prove-fresh'
import { DIALECTS, startTestServer } from '../../../support/start-test-server'

const START = Date.parse('2026-03-01T12:00:05Z')
const FRESH_MS = 300_000

const asksForProof = Object.entries<Endpoint>(endpoints).filter(([, { fresh }]) => fresh)

describe.each(DIALECTS)('on %s', (dialect) => {
  /** A server whose clock the test turns. On Postgres it first asks whether it missed something in so long a time. */
  async function start() {
    let at = START
    const server = await startTestServer({ dialect, now: () => at })
    const scout = await server.signUp('Scout')
    const move = async (ms: number) => {
      at += ms
      await expect.poll(async () => (await scout.get('/api/auth/verify')).status).not.toBe(503)
    }
    return { server, now: () => at, move }
  }

  test('a sign-in is proof for five minutes, and then what protects the account is not changed without a new one', async () => {
    const { server, move } = await start()
    const ada = await server.signUp('Ada')

    await move(FRESH_MS - 1)
    expect((await ada.post('/api/auth/factors/totp')).status).toBe(200)
    await move(1)

    expect(await ada.post('/api/auth/factors/totp')).toMatchObject({
      status: 403,
      body: { code: 'fresh_proof_required', detail: expect.stringMatching(/^Confirm that it is you/) },
    })
    expect((await ada.get('/api/auth/step-up')).body).toEqual({ methods: ['password'], fresh_until: null })
  })

  test('every operation that asks for a fresh proof refuses a stale one before it does anything', async () => {
    const { server, now, move } = await start()
    const ada = await enrolled(await server.signUp('Ada'), now)
    await move(FRESH_MS)

    expect(asksForProof.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        ...['beginTotp', 'removeTotp', 'replaceRecoveryCodes'],
        ...['changePassword', 'changeEmail', 'deleteAccount', 'revokeSession', 'revokeOtherSessions'],
        ...['rotateSigningKey', 'resetFactors', 'changeFactorPolicy', 'createResetLink'],
      ]),
    )
    for (const [name, { method, path, scope }] of asksForProof) {
      const reply = await ada.client.request(method.toUpperCase(), path)
      const code = scope === 'account:manage' ? 'fresh_proof_required' : 'insufficient_scope' // for administrators alone
      expect({ name, code: reply.body.code }).toEqual({ name, code })
    }
    expect((await ada.client.get('/api/auth/factors')).body.totp).not.toBeNull()
    expect((await ada.signIn(ada.recoveryCodes[0])).status).toBe(200)
  })

  test('the password proves it, of this session and of no other', async () => {
    const { server, move } = await start()
    const ada = await server.signUp('Ada')
    await move(FRESH_MS)
    const other = await ada.login(ada.account)
    await move(FRESH_MS)

    const proved = await proveFresh(ada)

    expect((await proved.get('/api/auth/step-up')).body.fresh_until).toMatch(/Z$/)
    expect((await proved.post('/api/auth/factors/totp')).status).toBe(200)
    expect((await other.post('/api/auth/factors/totp')).body.code).toBe('fresh_proof_required')
  })

  test('a proof counts for the token it gives: the one it came with is dead everywhere, earlier ones stay as stale as they were', async () => {
    const { server, move } = await start()
    const sibling = await server.startSibling()
    const { account } = await server.signUp('Ada')
    const page = asPage(server.client)
    const earlier = server.client.withToken((await page.signIn(account)).access_token)
    await move(FRESH_MS)
    const copied = server.client.withToken((await page.refresh()).body.access_token)
    await move(1_000)

    const reply = await copied.post('/api/auth/step-up', { password: account.password })

    expect(reply).toMatchObject({ status: 200, body: { token_type: 'bearer', message: expect.stringMatching(/five/) } })
    const proved = server.client.withToken(reply.body.access_token)
    expect((await copied.get('/api/auth/verify')).status).toBe(401)
    await expect.poll(async () => (await copied.at(sibling.origin).get('/api/auth/verify')).status).toBe(401)
    expect(await earlier.post('/api/auth/factors/totp')).toMatchObject({
      status: 403,
      body: { code: 'fresh_proof_required' },
    })
    expect((await earlier.get('/api/auth/verify')).status).toBe(200)
    const renewed = server.client.withToken((await page.refresh()).body.access_token)
    for (const client of [proved, renewed]) expect((await client.post('/api/auth/factors/totp')).status).toBe(200)
    const there = proved.at(sibling.origin)
    await expect.poll(async () => (await there.post('/api/auth/factors/totp')).status).toBe(200)
  })

  test('a wrong password proves nothing', async () => {
    const { server, move } = await start()
    const ada = await server.signUp('Ada')
    await move(FRESH_MS)

    const reply = await ada.post('/api/auth/step-up', { password: 'not the password' })

    expect(reply).toMatchObject({ status: 400, body: { code: 'wrong_password' } })
    expect((await ada.post('/api/auth/factors/totp')).status).toBe(403)
  })

  test('with a second factor its code proves it, the password alone does not', async () => {
    const { server, now, move } = await start()
    const ada = await enrolled(await server.signUp('Ada'), now)
    await move(FRESH_MS)
    const prove = (body: object) => ada.client.post('/api/auth/step-up', body)

    expect((await ada.client.get('/api/auth/step-up')).body.methods).toEqual(['totp', 'recovery_code'])
    expect(await prove({ password: ada.client.account.password })).toMatchObject({
      status: 403,
      body: { code: 'fresh_proof_required', detail: expect.stringMatching(/second factor/) },
    })
    expect((await prove({ code: ada.code(5) })).body.code).toBe('wrong_code')
    const proved = await proveFresh(ada.client, { code: ada.code() })
    expect((await proved.post('/api/auth/step-up', { code: ada.code() })).body.code).toBe('wrong_code')
    expect((await proved.request('DELETE', '/api/auth/factors/totp')).status).toBe(200)
  })

  test('a recovery code proves it once', async () => {
    const { server, now, move } = await start()
    const ada = await enrolled(await server.signUp('Ada'), now)
    await move(FRESH_MS)
    const [code] = ada.recoveryCodes

    const proved = await proveFresh(ada.client, { code })
    expect((await proved.post('/api/auth/step-up', { code })).body.code).toBe('wrong_code')
  })

  test('without a second factor the current password is proof enough for a new one', async () => {
    const { server, move } = await start()
    const ada = await server.signUp('Ada')
    await move(FRESH_MS)
    const { password } = ada.account
    const change = { current_password: password, new_password: 'another long password' }
    expect((await ada.post('/api/auth/change-password', change)).status).toBe(200)
  })

  test('with a second factor a new password takes a fresh proof as well', async () => {
    const { server, now, move } = await start()
    const ada = await enrolled(await server.signUp('Ada'), now)
    await move(FRESH_MS)
    const { password } = ada.client.account
    const change = { current_password: password, new_password: 'another long password' }

    expect((await ada.client.post('/api/auth/change-password', change)).body.code).toBe('fresh_proof_required')
    expect((await ada.password()).body.code).toBe('second_factor_required') // the old password
    const proved = await proveFresh(ada.client, { code: ada.code() })
    expect((await proved.post('/api/auth/change-password', change)).status).toBe(200)
  })

  test('with a second factor a new e-mail address takes a fresh proof as well', async () => {
    const { server, now, move } = await start()
    const ada = await enrolled(await server.signUp('Ada'), now)
    await move(FRESH_MS)
    const change = { new_email: 'ada.new@example.com', password: ada.client.account.password }

    expect((await ada.client.post('/api/auth/change-email', change)).body.code).toBe('fresh_proof_required')
    expect((await ada.client.get('/api/auth/verify')).body.user.email).toBe(ada.email)
    const proved = await proveFresh(ada.client, { code: ada.code() })
    expect((await proved.post('/api/auth/change-email', change)).status).toBe(200)
  })

  test('a stolen token does not guess the password here without end', async () => {
    const { server } = await start()
    const ada = await server.signUp('Ada')
    const statuses: number[] = []
    for (let tries = 0; tries < 11; tries += 1)
      statuses.push((await ada.post('/api/auth/step-up', { password: `guess number ${tries}` })).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(400))
    expect(statuses.at(-1)).toBe(429)
  })

  test.each([[{}], [{ password: 'x', code: '123456' }], [{ code: '' }]])('%j is no proof', async (body) => {
    const { server } = await start()
    const ada = await server.signUp('Ada')
    expect((await ada.post('/api/auth/step-up', body)).status).toBe(422)
  })
})
