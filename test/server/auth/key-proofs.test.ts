import { describe, expect, test } from 'vitest'
import { openAuditLog } from '../../support/audit-log'
import { openBeside } from '../../support/beside'
import { asPage } from '../../support/page-client'
import { makePageKey, type PageKey } from '../../support/page-key'
import { DIALECTS, startTestServer, type TestServerOptions } from '../../support/start-test-server'

const SECOND = 1_000
const REFUSED = { status: 401, body: { code: 'invalid_dpop_proof' } }

/** A page that signed in with a key of its browser, on a server whose clock the test turns. */
async function startWithKey(options: TestServerOptions = {}) {
  const clock = { ms: Date.now() }
  const server = await startTestServer({ ...options, now: () => clock.ms })
  const { account } = await server.signUp()
  const page = asPage(server.client)
  const key = makePageKey()
  const at = (path: string) => server.origin + path
  const proof = (other = {}, from: PageKey = key) => from.prove(at('/api/auth/refresh'), clock.ms, other)
  const signIn = () => page.signIn(account, { dpop: key.prove(at('/api/auth/login'), clock.ms) })
  const renew = (dpop?: string) => page.refresh(page.cookie, dpop === undefined ? {} : { dpop })
  const tokens = await signIn()
  return { server, account, page, key, clock, proof, renew, signIn, at, tokens }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a cookie without the key of its browser renews nothing and ends nothing, and the owner finds it in the log', async () => {
    const { server, page, proof, renew, clock, tokens } = await startWithKey({ dialect })
    const log = await openAuditLog(server)
    const thief = makePageKey()

    const entries = await log.added(async () => {
      expect(await renew()).toMatchObject(REFUSED)
      const spent = page.cookie
      expect((await renew(proof())).status).toBe(200)
      clock.ms += 25 * SECOND
      expect(await page.refresh(spent, { dpop: proof({}, thief) })).toMatchObject(REFUSED)
      expect((await renew(proof())).status).toBe(200)
      expect((await server.client.withToken(tokens.access_token).get('/api/auth/verify')).status).toBe(200)
      await server.close()
    })

    const about = { action: 'session.renewal_refused', outcome: 'failure', actor_id: null, account_id: tokens.user.id }
    expect(entries).toMatchObject([
      { ...about, details: { reason: 'no_proof' } },
      { ...about, details: { reason: 'wrong_proof' } },
    ])
  })

  test('a proof counts once, also on another node and for two at once, and two tabs each bring their own', async () => {
    const { server, page, proof, renew } = await startWithKey({ dialect })
    const sibling = asPage((await server.startSibling()).client)
    const shown = proof()
    const start = page.cookie

    const twice = await Promise.all([page.refresh(start, { dpop: shown }), page.refresh(start, { dpop: shown })])
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 401])
    expect(await renew(shown)).toMatchObject(REFUSED)
    const elsewhere = { origin: server.origin, host: new URL(server.origin).host, dpop: shown }
    expect((await sibling.refresh(page.cookie, elsewhere)).status).toBeGreaterThanOrEqual(401)

    const cookie = page.cookie
    const tabs = await Promise.all([proof(), proof()].map((dpop) => page.refresh(cookie, { dpop })))
    expect(tabs.map(({ status }) => status)).toEqual([200, 200])
    expect((await renew(proof())).status).toBe(200)
    const [row] = await (await openBeside(server)).read(
      'SELECT shown_proofs FROM sessions WHERE key_thumbprint IS NOT NULL',
    )
    expect(JSON.parse(String(row?.shown_proofs)).length).toBe(4)
  })
})

test('a proof that is not exactly right renews nothing and makes no session', async () => {
  const { server, account, key, clock, proof, renew, at, page } = await startWithKey()
  const other = makePageKey()
  const p384 = makePageKey('P-384')
  const text = JSON.stringify(key.publicKey)
  const wrong: [string, string][] = [
    ['no algorithm', proof({ header: { alg: 'none' } }).replace(/[^.]+$/, '')],
    ['no algorithm, with a signature', proof({ header: { alg: 'none' } })],
    ['an HMAC under the public key', proof({ header: { alg: 'HS256' }, secret: text })],
    ['an HMAC that says it is a signature', proof({ secret: text })],
    ['another algorithm', proof({ header: { alg: 'ES384' } })],
    ['another curve', proof({}, p384)],
    ['another type', proof({ header: { typ: 'JWT' } })],
    ['a key by name', proof({ header: { kid: '1', jwk: undefined } })],
    ['a header that is critical', proof({ header: { crit: ['exp'] } })],
    ['the right key in the header, signed by another', proof({ header: { jwk: key.publicKey } }, other)],
    ['a private part', proof({ header: { jwk: { ...key.publicKey, d: 'A'.repeat(43) } } })],
    ['no point of the curve', proof({ header: { jwk: { ...key.publicKey, y: 'A'.repeat(43) } } })],
    ['another method', proof({ claims: { htm: 'GET' } })],
    ['another path', proof({ claims: { htu: at('/api/auth/login') } })],
    ['another port', proof({ claims: { htu: 'http://127.0.0.1:1/api/auth/refresh' } })],
    ['a minute too old', proof({ claims: { iat: Math.floor(clock.ms / SECOND) - 62 } })],
    ['a minute too new', proof({ claims: { iat: Math.floor(clock.ms / SECOND) + 62 } })],
    ['no name', proof({ claims: { jti: '' } })],
    ['no time', proof({ claims: { iat: undefined } })],
    ['an altered claim', proof().replace(/\.[^.]+\./, proof().replace(/^[^.]+|[^.]+$/g, ''))],
    ['two proofs', `${proof()}, ${proof()}`],
    ['a huge one', proof({ claims: { jti: 'a'.repeat(4_000) } })],
    ['nonsense', 'nonsense'],
  ]

  for (const [what, dpop] of wrong) expect({ what, ...(await renew(dpop)) }).toMatchObject({ what, ...REFUSED })

  const headers = { origin: server.origin, dpop: proof() }
  const signIn = await server.client.post('/api/auth/login', account, { headers })
  expect(signIn).toMatchObject(REFUSED)
  expect(signIn.headers.getSetCookie()).toEqual([])
  const { read } = await openBeside(server)
  expect(await read('SELECT id FROM sessions WHERE user_agent LIKE :page', { page: 'Mozilla%' })).toHaveLength(1)
  expect((await renew(proof())).status).toBe(200)
  expect(page.cookie).not.toBe('')
})

test('the proof of one session renews no other, and whoever has no key keeps a session without', async () => {
  const { server, account, renew, proof } = await startWithKey()
  const second = asPage(server.client)
  const key = makePageKey()
  await second.signIn(account, { dpop: key.prove(`${server.origin}/api/auth/login`, Date.now()) })
  const plain = asPage(server.client)
  await plain.signIn(account)

  expect(await second.refresh(second.cookie, { dpop: proof() })).toMatchObject(REFUSED)
  expect((await plain.refresh()).status).toBe(200)
  expect((await plain.refresh(plain.cookie, { dpop: 'nonsense' })).status).toBe(200)
  expect((await renew(proof())).status).toBe(200)
})

test('a browser whose clock is wrong is told the time, and a clock of the server that is put back opens no old proof', async () => {
  const { key, clock, at, proof, renew } = await startWithKey()
  const early = key.prove(at('/api/auth/refresh'), clock.ms - 3_600 * SECOND)

  const refused = await renew(early)
  expect(refused).toMatchObject(REFUSED)
  const told = Date.parse(refused.headers.get('date') ?? '')
  expect(Math.abs(told - clock.ms)).toBeLessThanOrEqual(SECOND)
  expect((await renew(key.prove(at('/api/auth/refresh'), told))).status).toBe(200)

  const shown = proof()
  expect((await renew(shown)).status).toBe(200)
  clock.ms -= 30 * SECOND
  expect(await renew(shown)).toMatchObject(REFUSED)
})
