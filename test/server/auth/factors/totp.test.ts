import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../support/open-test-database'
import { enrolled, type Protected } from '../../../support/protected-account'
import { DIALECTS, startTestServer } from '../../../support/start-test-server'
import { appCode } from '../../../support/totp'

const STEP = 30_000
const START = Date.parse('2026-03-01T12:00:05Z')

/** A clock that stands still until it is moved. */
function clock() {
  let at = START
  return { now: () => at, move: (ms: number) => (at += ms) }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  async function protectedAda() {
    const { now, move } = clock()
    const server = await startTestServer({ dialect, now })
    const ada = await enrolled(await server.signUp('Ada'), now)
    move(STEP)
    return { server, ada, now, move }
  }

  test('a key that is not confirmed asks nobody for a code, and a wrong first code does not confirm it', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const { body: enrolment } = await ada.post('/api/auth/factors/totp')

    const wrong = await ada.post('/api/auth/factors/totp/confirm', {
      code: otherThan(appCode(enrolment.secret, Date.now())),
    })

    expect(wrong).toMatchObject({ status: 400, body: { code: 'wrong_code' } })
    expect((await ada.get('/api/auth/factors')).body).toEqual({ totp: null, passkeys: [], recovery_codes_left: 0 })
    expect((await ada.login(ada.account)).token).not.toBe('')
  })

  test('the key comes with an address for a QR code', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')

    const { body } = await ada.post('/api/auth/factors/totp')

    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/)
    const uri = new URL(body.uri)
    expect(uri.protocol).toBe('otpauth:')
    expect(decodeURIComponent(uri.pathname)).toContain(`Aurelius:${ada.account.email}`)
    expect(uri.searchParams.get('secret')).toBe(body.secret)
    expect(uri.searchParams.get('issuer')).toBe('Aurelius')
  })

  test('the right password alone gives a challenge and no session, in a sentence an old client can show', async () => {
    const { ada } = await protectedAda()

    const reply = await ada.password()

    expect(reply.status).toBe(401)
    expect(reply.body).toMatchObject({ code: 'second_factor_required', detail: expect.stringMatching(/second factor/) })
    expect(reply.body.second_factor).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 300,
      methods: ['totp', 'recovery_code'],
    })
    expect(reply.headers.getSetCookie()).toEqual([])
    expect(JSON.stringify(reply.body)).not.toMatch(/access_token|ey[\w-]+\./)
    expect((await ada.client.get('/api/auth/sessions')).body.total).toBe(1)
  })

  test('a wrong password says nothing about a second factor', async () => {
    const { ada } = await protectedAda()
    const reply = await ada.client.post('/api/auth/login', { email: ada.email, password: 'not the password' })
    expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    expect(reply.body).not.toHaveProperty('second_factor')
  })

  test('password and code open a session', async () => {
    const { ada } = await protectedAda()
    const signedIn = await ada.signIn()
    expect(signedIn).toMatchObject({ status: 200, body: { token_type: 'bearer', user: { email: ada.email } } })
    expect((await ada.client.withToken(signedIn.body.access_token).get('/api/auth/verify')).status).toBe(200)
  })

  test('a code counts one step early and one step late, and no further', async () => {
    const { ada, move } = await protectedAda()
    move(10 * STEP)

    for (const [steps, status] of [
      [-2, 400],
      [2, 400],
      [-1, 200],
      [1, 200],
    ] as const)
      expect((await ada.signIn(ada.code(steps))).status, `${steps} steps`).toBe(status)
  })

  test('a code that was used is refused: again, the one before it, and the one that confirmed the app', async () => {
    const { ada, move } = await protectedAda()
    expect((await ada.signIn(ada.code(-1))).body.code).toBe('wrong_code') // it confirmed the app
    move(5 * STEP)
    expect((await ada.signIn()).status).toBe(200)

    expect((await ada.signIn()).body.code).toBe('wrong_code')
    expect((await ada.signIn(ada.code(-1))).body.code).toBe('wrong_code')
    move(STEP)
    expect((await ada.signIn()).status).toBe(200)
  })

  test('of ten uses of one code at once, one counts', async () => {
    const { ada } = await protectedAda()
    const challenges = await Promise.all(Array.from({ length: 10 }, () => ada.challenge()))

    const replies = await Promise.all(challenges.map((challenge) => ada.secondStep(challenge, ada.code())))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await ada.client.get('/api/auth/sessions')).body.total).toBe(2)
  })

  test('of ten answers to one challenge at once, one counts', async () => {
    const { ada } = await protectedAda()
    const challenge = await ada.challenge()

    const replies = await Promise.all(ada.recoveryCodes.map((recoveryCode) => ada.secondStep(challenge, recoveryCode)))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ body }) => body.code === 'challenge_expired')).toHaveLength(9)
    for (const { body } of replies) if (body.detail) expect(body.detail).toMatch(/was used before: start again\.$/)
    expect((await ada.client.get('/api/auth/factors')).body.recovery_codes_left).toBe(9)
  })

  test.each<[string, (ada: Protected, move: (ms: number) => void, challenge: string) => unknown]>([
    ['five minutes', (_ada, move) => move(300_000)],
    ['a success', (ada, _move, challenge) => ada.secondStep(challenge, ada.recoveryCodes[0] ?? '')],
    [
      'a changed password',
      (ada) =>
        ada.client.post('/api/auth/change-password', {
          current_password: ada.client.account.password,
          new_password: 'another long password',
        }),
    ],
    [
      'five wrong codes',
      async (ada, _move, challenge) => {
        for (let tries = 0; tries < 5; tries += 1)
          expect((await ada.secondStep(challenge, otherThan(ada.code()))).body.code).toBe('wrong_code')
      },
    ],
  ])('a challenge is void after %s', async (_what, happens) => {
    const { ada, move } = await protectedAda()
    const challenge = await ada.challenge()

    await happens(ada, move, challenge)

    expect(await ada.secondStep(challenge, ada.code())).toMatchObject({
      status: 401,
      body: { code: 'challenge_expired' },
    })
  })

  test('a challenge is good for nothing else', async () => {
    const { ada } = await protectedAda()
    const challenge = await ada.challenge()

    for (const path of ['/api/auth/verify', '/api/auth/factors', '/api/auth/sessions'])
      expect((await ada.client.withToken(challenge).get(path)).status).toBe(401)
    expect(
      (await ada.client.post('/api/auth/refresh', undefined, { headers: { cookie: `aurelius_refresh=${challenge}` } }))
        .status,
    ).toBe(401)
  })

  test("one person's code or recovery code does not answer another's challenge", async () => {
    const { server, ada, now } = await protectedAda()
    const bob = await enrolled(await server.signUp('Bob'), now)

    expect((await bob.secondStep(await bob.challenge(), ada.code())).body.code).toBe('wrong_code')
    expect((await bob.secondStep(await bob.challenge(), ada.recoveryCodes[0] ?? '')).body.code).toBe('wrong_code')
  })

  test('codes cannot be guessed without end, whatever the number of challenges', async () => {
    const { ada } = await protectedAda()
    const statuses: number[] = []
    for (let tries = 0; tries < 12; tries += 1) statuses.push((await ada.signIn(otherThan(ada.code()))).status)

    expect(statuses.filter((status) => status === 400)).toHaveLength(10)
    const locked = await ada.signIn()
    expect(locked).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect(locked.headers.get('ratelimit-policy')).toContain('second-factor-pair')
  })

  test('each of ten recovery codes signs in once, however it is typed', async () => {
    const { ada } = await protectedAda()
    expect(new Set(ada.recoveryCodes).size).toBe(10)
    const [first = '', second = '', third = ''] = ada.recoveryCodes

    expect(first).toMatch(/^([0-9a-z]{6}-){3}[0-9a-z]{6}$/)
    expect((await ada.signIn(first)).status).toBe(200)
    expect((await ada.signIn(first)).body.code).toBe('wrong_code')
    expect((await ada.signIn(second.toUpperCase().replaceAll('-', ' '))).status).toBe(200)
    expect((await ada.signIn(third.replaceAll('-', '').replaceAll('0', 'O').replaceAll('1', 'l'))).status).toBe(200)
    expect((await ada.client.get('/api/auth/factors')).body.recovery_codes_left).toBe(7)
  })

  test('new recovery codes void the ones before', async () => {
    const { ada } = await protectedAda()

    const { body } = await ada.client.post('/api/auth/factors/recovery-codes')

    expect(body.recovery_codes).toHaveLength(10)
    expect((await ada.signIn(ada.recoveryCodes[0])).body.code).toBe('wrong_code')
    expect((await ada.signIn(body.recovery_codes[0])).status).toBe(200)
  })

  test('without the app the password is enough again, and its recovery codes are gone', async () => {
    const { ada } = await protectedAda()

    expect((await ada.client.request('DELETE', '/api/auth/factors/totp')).status).toBe(200)

    expect((await ada.password()).status).toBe(200)
    expect((await ada.client.get('/api/auth/factors')).body).toEqual({
      totp: null,
      passkeys: [],
      recovery_codes_left: 0,
    })
    expect((await ada.client.request('DELETE', '/api/auth/factors/totp')).status).toBe(404)
    expect((await ada.client.post('/api/auth/factors/recovery-codes')).status).toBe(404)
  })

  test('a second app is refused, and leaves the first as it is', async () => {
    const { ada } = await protectedAda()

    expect(await ada.client.post('/api/auth/factors/totp')).toMatchObject({
      status: 409,
      body: { code: 'factor_exists' },
    })
    expect((await ada.client.post('/api/auth/factors/totp/confirm', { code: ada.code() })).status).toBe(409)

    expect((await ada.signIn()).status).toBe(200)
  })

  test('a key is to be confirmed within a quarter of an hour', async () => {
    const { now, move } = clock()
    const server = await startTestServer({ dialect, now })
    const ada = await server.signUp('Ada')
    const { body } = await ada.post('/api/auth/factors/totp')
    move(15 * 60_000)
    const confirm = () => ada.post('/api/auth/factors/totp/confirm', { code: appCode(body.secret, now()) })

    // On Postgres the server first asks whether it missed something in so long a time.
    await expect.poll(async () => (await confirm()).status).toBe(404)
    expect((await ada.get('/api/auth/factors')).body.totp).toBeNull()
  })

  test('the database holds neither key nor codes nor challenge as they are, and nothing of them is logged', async () => {
    const { server, ada } = await protectedAda()
    const challenge = await ada.challenge()
    await ada.signIn()
    await server.close()

    const { sequelize } = await openTestDatabase(server)
    const rows = await Promise.all(
      ['totp_factors', 'recovery_codes', 'auth_challenges'].map(
        async (table) => (await sequelize.query(`SELECT * FROM ${table}`))[0],
      ),
    )
    const stored = JSON.stringify(rows)
    for (const secret of [ada.secret, challenge, ...ada.recoveryCodes]) expect(stored).not.toContain(secret)
    expect(rows.map((found) => found.length)).toEqual([1, 10, 1])
  })

  test('on a computer without the key that protects it, the app is of no use, recovery codes are, and it is said', async () => {
    const { server, ada, now } = await protectedAda()
    await server.close()
    const elsewhere = await startTestServer({
      dialect,
      now,
      config: server.config,
      secrets: { ...server.secrets, dataKey: randomBytes(32) },
    })
    const there = ada.at(elsewhere.origin)

    expect(await there.signIn()).toMatchObject({
      status: 409,
      body: { code: 'factor_unreadable', detail: expect.stringMatching(/recovery code.*administrator/) },
    })
    expect((await there.signIn(ada.recoveryCodes[0])).status).toBe(200)
  })

  test('a server without a key that lasts sets no app up', async () => {
    const server = await startTestServer({ dialect, secrets: { dataKey: undefined } })
    const ada = await server.signUp('Ada')
    expect(await ada.post('/api/auth/factors/totp')).toMatchObject({
      status: 409,
      body: { code: 'factor_unavailable', detail: expect.stringMatching(/SECRET_KEY/) },
    })
  })
})

/** A code of six digits that is not this one. */
function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0')
}
