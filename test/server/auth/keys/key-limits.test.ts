import { describe, expect, test } from 'vitest'
import { createKeyText } from '../../../../server/auth/keys/key-text'
import { makeKey } from '../../../support/api-keys'
import { openBeside } from '../../../support/beside'
import { getFrom } from '../../../support/from-address'
import { DIALECTS, startTestServer } from '../../../support/start-test-server'
import type { TestClient } from '../../../support/test-client'

const FREE = 10
const FAILURES_PER_ADDRESS = 300

const verify = (client: TestClient) => client.get('/api/auth/verify')
const statusOf = async (client: TestClient) => (await verify(client)).status

describe.each(DIALECTS)('on %s', (dialect) => {
  test('who guesses keys is sent away by address; keys in use there and people who sign in go on', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const [used, unused] = [await makeKey(ada), await makeKey(ada, { name: 'not used yet' })]
    expect(await statusOf(used.client)).toBe(200)

    for (let turn = 0; turn < FAILURES_PER_ADDRESS; turn += 1)
      expect(await statusOf(ada.withToken(createKeyText()))).toBe(401)

    const refused = await verify(ada.withToken(createKeyText()))
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await statusOf(used.client)).toBe(200)
    expect(await statusOf(used.client.at((await server.startSibling()).origin))).toBe(200)
    expect(await statusOf(unused.client)).toBe(429)
    expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(200)
    const elsewhere = { authorization: `Bearer ${unused.secret}` }
    expect((await getFrom('127.0.0.2', `${server.origin}/api/auth/verify`, elsewhere)).status).toBe(200)
  })

  test('a key that was revoked and is still in use somewhere locks itself and no other', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const [dead, live] = [await makeKey(ada), await makeKey(ada, { name: 'live' })]
    await ada.request('DELETE', `/api/auth/keys/${dead.id}`)

    for (let turn = 0; turn < FREE; turn += 1) expect(await statusOf(dead.client)).toBe(401)

    expect(await statusOf(dead.client)).toBe(429)
    expect(await statusOf(live.client)).toBe(200)
  })

  test('a typing error costs no query, so it is neither counted nor written down', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const { read } = await openBeside(server)
    const counts = async () => (await read("SELECT * FROM attempt_counts WHERE key LIKE '%api-key%'")).length
    const good = createKeyText()
    const before = (await read('SELECT seq FROM audit_log')).length

    for (let turn = 0; turn < FREE + 2; turn += 1) {
      const mistyped = good.slice(0, -1) + (good.endsWith('0') ? '1' : '0')
      expect(await verify(ada.withToken(mistyped))).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    }

    expect(await counts()).toBe(0)
    expect((await read('SELECT seq FROM audit_log')).length).toBe(before)
  })

  test.each([
    ['127.0.0.1', ['127.0.0.1'], true],
    ['127.0.0.2', ['127.0.0.1'], false],
    ['127.0.0.2', ['10.0.0.0/8', '127.0.0.0/30'], true],
    ['127.0.0.4', ['127.0.0.0/30'], false],
    ['127.0.0.1', ['::1', '2001:db8::/32'], false],
  ])('from %s a key for %j is accepted: %s', async (address, addresses, accepted) => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const { secret, id, client } = await makeKey(ada, { addresses })
    const use = () => getFrom(address, `${server.origin}/api/auth/verify`, { authorization: `Bearer ${secret}` })

    // The second time the key is known.
    for (const { status, body } of [await use(), await use()]) {
      expect(status).toBe(accepted ? 200 : 403)
      if (!accepted) expect(body.code).toBe('address_not_allowed')
    }
    expect((await ada.get('/api/auth/keys')).body.api_keys).toMatchObject([{ id, addresses }])
    if (addresses.includes('127.0.0.1')) expect(await statusOf(client)).toBe(200)
  })
})
