import { describe, expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../../../contracts/endpoints'
import { KEY_SCOPES, roles, scopes } from '../../../../contracts/scopes'
import { makeKey, rotateKey } from '../../../support/api-keys'
import { openAuditLog } from '../../../support/audit-log'
import { openBeside, readLog } from '../../../support/beside'
import { proveFresh } from '../../../support/prove-fresh'
import { DIALECTS, startTestServer } from '../../../support/start-test-server'
import type { TestClient } from '../../../support/test-client'
import { readToken } from '../../../support/tokens'

const MINUTE = 60_000
const DAY = 86_400_000

const userIdOf = (client: TestClient) => String(readToken(client.token).claims.sub)
const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const keysOf = async (client: TestClient) => (await client.get('/api/auth/keys')).body.api_keys

describe.each(DIALECTS)('on %s', (dialect) => {
  async function startAt(start = Date.parse('2026-03-01T12:00:00Z')) {
    const clock = { at: start }
    const config = { tokens: { algorithm: 'HS256' as const, lifetimeSeconds: 365 * DAY } }
    const server = await startTestServer({ dialect, config, now: () => clock.at })
    /** On Postgres a node whose clock has jumped asks its database first whether it has missed something. */
    const pass = async (milliseconds: number, ...nodes: { origin: string }[]) => {
      clock.at += milliseconds
      for (const { origin } of [server, ...nodes]) await expect.poll(() => statusOf(ada.at(origin))).not.toBe(503)
    }
    const ada = await server.signUp('Ada')
    return { clock, pass, server, ada }
  }

  test('a key lets a script do what its scopes say, and shows as what it is, without its secret', async () => {
    const { ada } = await startAt()

    const { client, secret, api_key: key } = await makeKey(ada, { name: 'Nightly run' })

    expect(key).toStrictEqual({
      id: key.id,
      name: 'Nightly run',
      hint: secret.slice(0, 8),
      scopes: ['account:read'],
      scopes_without_effect: [],
      addresses: null,
      created_at: '2026-03-01T12:00:00.000Z',
      expires_at: '2026-05-30T12:00:00.000Z',
      is_expired: false,
      last_used_at: null,
      last_used_address: null,
      previous: null,
    })
    expect((await client.get('/api/auth/verify')).body.user.email).toBe(ada.account.email)
    expect((await client.get('/api/auth/me/permissions')).body).toEqual({ role: 'analyst', scopes: ['account:read'] })
    const list = await ada.get('/api/auth/keys')
    expect(list.body).toMatchObject({ api_keys: [{ id: key.id, name: 'Nightly run', hint: key.hint }], total: 1 })
    expect(JSON.stringify(list.body)).not.toContain(secret.slice(8))
  })

  test('a key of every scope there is for keys gets into nothing that manages accounts, keys, sessions or the server', async () => {
    const { server, ada } = await startAt()
    const { users, read, change } = await openBeside(server)
    await users.update(userIdOf(ada), { role: 'admin' })
    const admin = await server.client.login(ada.account)
    const { client, id } = await makeKey(admin, { scopes: KEY_SCOPES, addresses: null })
    const before = await read('SELECT * FROM api_keys')

    const personal = Object.values<Endpoint>(endpoints).filter(({ scope }) => scope && !scopes[scope].forKeys)
    for (const { method, path, scope } of personal) {
      const { status, body, headers } = await client.request(method.toUpperCase(), path.replace(':id', id))
      expect({ path, status, code: body.code }).toEqual({ path, status: 403, code: 'insufficient_scope' })
      expect(headers.get('www-authenticate')).toContain(`error="insufficient_scope"`)
      expect(headers.get('www-authenticate')).toContain(`scope="${scope}"`)
    }
    expect(personal.length).toBeGreaterThan(10)
    await change("UPDATE api_keys SET scopes = 'account:read account:manage users:manage'")
    const again = (await server.startSibling()).origin
    expect((await client.at(again).get('/api/auth/verify')).status).toBe(200)
    expect((await client.at(again).get('/api/auth/keys')).body.code).toBe('insufficient_scope')
    await change('UPDATE api_keys SET scopes = :scopes', { scopes: KEY_SCOPES.join(' ') })
    const stable = ({ last_used_at: _at, last_used_address: _from, ...rest }: Record<string, unknown>) => rest
    expect((await read('SELECT * FROM api_keys')).map(stable)).toEqual(before.map(stable))
    expect(await statusOf(admin)).toBe(200)
  })

  test('a revoked key is dead at once, here and on the other nodes, and no other key is', async () => {
    const { server, ada } = await startAt()
    const sibling = await server.startSibling()
    const { client, id } = await makeKey(ada)
    const other = await makeKey(ada, { name: 'another' })
    for (const { origin } of [server, sibling]) expect(await statusOf(client.at(origin))).toBe(200)

    const { status, body } = await ada.request('DELETE', `/api/auth/keys/${id}`)

    expect({ status, body }).toEqual({ status: 200, body: { message: 'The API key is revoked.' } })
    const after = await client.get('/api/auth/verify')
    expect(after).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect(after.headers.get('www-authenticate')).toMatch(/^Bearer realm="Aurelius", error="invalid_token"/)
    await expect.poll(() => statusOf(client.at(sibling.origin))).toBe(401)
    for (const { origin } of [server, sibling]) expect(await statusOf(other.client.at(origin))).toBe(200)
    expect(await keysOf(ada)).toMatchObject([{ id: other.id }])
    expect((await ada.request('DELETE', `/api/auth/keys/${id}`)).status).toBe(404)
  })

  test('after a rotation both secrets work for the grace and not a second longer; what was before them does not', async () => {
    const { clock, pass, server, ada } = await startAt()
    const sibling = await server.startSibling()
    const first = await makeKey(ada)
    expect(await statusOf(first.client)).toBe(200)

    await pass(DAY, sibling)
    const second = await rotateKey(ada, first.id, 3600)

    const both = [first.client, second.client]
    expect(await Promise.all(both.map(statusOf))).toEqual([200, 200])
    expect(await Promise.all(both.map((client) => statusOf(client.at(sibling.origin))))).toEqual([200, 200])
    expect(second.api_key).toMatchObject({
      id: first.id,
      hint: second.secret.slice(0, 8),
      expires_at: new Date(clock.at + 90 * DAY).toISOString(),
      previous: { hint: first.secret.slice(0, 8), works_until: new Date(clock.at + 3600_000).toISOString() },
    })
    await pass(3600_000 - 1, sibling)
    expect(await statusOf(first.client)).toBe(200)
    clock.at += 1
    for (const { origin } of [server, sibling])
      expect(await Promise.all(both.map((client) => statusOf(client.at(origin))))).toEqual([401, 200])
    expect(await keysOf(ada)).toMatchObject([{ previous: null }])

    const third = await rotateKey(ada, first.id, 3600)
    const fourth = await rotateKey(ada, first.id, 3600)
    const all = [first, second, third, fourth].map(({ client }) => statusOf(client))
    expect(await Promise.all(all)).toEqual([401, 401, 200, 200])
  })

  test('a rotation without a grace, and the end of a grace, kill the old secret at once on every node', async () => {
    const { server, ada } = await startAt()
    const sibling = await server.startSibling()
    const first = await makeKey(ada)
    expect(await statusOf(first.client.at(sibling.origin))).toBe(200)

    const second = await rotateKey(ada, first.id, 0)

    expect(await statusOf(first.client)).toBe(401)
    await expect.poll(() => statusOf(first.client.at(sibling.origin))).toBe(401)
    expect((await ada.request('DELETE', `/api/auth/keys/${first.id}/old-secret`)).status).toBe(404)
    const third = await rotateKey(ada, first.id, 3600)
    expect(await statusOf(second.client.at(sibling.origin))).toBe(200)

    const { status } = await ada.request('DELETE', `/api/auth/keys/${first.id}/old-secret`)

    expect([status, await statusOf(second.client), await statusOf(third.client)]).toEqual([200, 401, 200])
    await expect.poll(() => statusOf(second.client.at(sibling.origin))).toBe(401)
  })

  test('a grace is never longer than the old secret would have lasted; an expired key can be renewed', async () => {
    const { pass, ada } = await startAt()
    const first = await makeKey(ada, { expires_in_seconds: 600 })
    const later = await makeKey(ada, { name: 'later', expires_in_seconds: 86_400 })
    const second = await rotateKey(ada, first.id, 3600)
    await pass(10 * MINUTE)
    expect(await statusOf(first.client)).toBe(401)
    expect(await statusOf(second.client)).toBe(401)
    await pass(DAY)
    expect(await keysOf(ada)).toMatchObject([{ id: later.id, is_expired: true }])

    const renewed = await rotateKey(ada, later.id, 3600)

    expect([await statusOf(later.client), await statusOf(renewed.client)]).toEqual([401, 200])
    expect(renewed.api_key).toMatchObject({ is_expired: false, previous: null })
  })

  test('a key dies with its owner and follows their role; nobody else is touched', async () => {
    const { server, ada } = await startAt()
    const bob = await server.signUp('Bob')
    const bobs = await makeKey(bob)
    const { users } = await openBeside(server)
    const { client } = await makeKey(ada, { scopes: ['account:read', 'ledger:read', 'ledger:write'] })
    const scopesNow = async () => (await client.get('/api/auth/me/permissions')).body.scopes
    expect(await scopesNow()).toEqual(['account:read', 'ledger:read', 'ledger:write'])

    await users.update(userIdOf(ada), { role: 'viewer' })
    await expect.poll(scopesNow).toEqual(['account:read', 'ledger:read'])
    const writing = await client.post('/api/v1/strategies', { name: 'Momentum' })
    expect(writing).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    expect(await keysOf(await server.client.login(ada.account))).toMatchObject([
      { scopes_without_effect: ['ledger:write'] },
    ])

    // Of an operation that does not look at the account by itself.
    const answers = async () => (await client.get('/api/auth/me/permissions')).status
    await users.update(userIdOf(ada), { isActive: false })
    await expect.poll(answers).toBe(401)
    await users.update(userIdOf(ada), { isActive: true })
    await expect.poll(answers).toBe(200)
    await users.delete(userIdOf(ada))
    await expect.poll(answers).toBe(401)
    expect(await statusOf(bobs.client)).toBe(200)
  })

  test('a key expires to the millisecond, though it was used a moment before; one without expiry does not', async () => {
    const { clock, pass, ada } = await startAt()
    const brief = await makeKey(ada, { expires_in_seconds: 60 })
    const lasting = await makeKey(ada, { name: 'lasting', expires_in_seconds: null })
    await pass(MINUTE - 1)
    expect(await statusOf(brief.client)).toBe(200)

    clock.at += 1

    expect([await statusOf(brief.client), await statusOf(lasting.client)]).toEqual([401, 200])
    await pass(300 * DAY)
    expect(await statusOf(lasting.client)).toBe(200)
  })

  test('the last use is noted with its address, at most once a minute and for each secret', async () => {
    const { clock, pass, ada } = await startAt()
    const first = await makeKey(ada)
    const lastUse = async () => (await keysOf(ada))[0]

    await statusOf(first.client)
    await expect.poll(lastUse).toMatchObject({
      last_used_at: new Date(clock.at).toISOString(),
      last_used_address: '127.0.0.1',
    })
    const noted = new Date(clock.at).toISOString()
    await pass(MINUTE - 1)
    await statusOf(first.client)
    clock.at += 1
    const second = await rotateKey(ada, first.id, 3600)
    expect(await lastUse()).toMatchObject({ last_used_at: noted, previous: { last_used_at: noted } })

    await statusOf(second.client)

    await expect
      .poll(lastUse)
      .toMatchObject({ last_used_at: new Date(clock.at).toISOString(), previous: { last_used_at: noted } })
  })

  test('a key that may change something takes a fresh proof, to make and to rotate; one that only reads does not', async () => {
    const { pass, ada } = await startAt()
    const writing = await makeKey(ada, { name: 'writing', scopes: ['ledger:write'] })
    const reading = await makeKey(ada, { name: 'reading', scopes: ['account:read', 'ledger:read'] })
    await pass(5 * MINUTE)
    const make = (scopes: string[], by = ada) => by.post('/api/auth/keys', { name: scopes.join(), scopes })
    const rotate = (id: string, by = ada) => by.post(`/api/auth/keys/${id}/rotate`, {})

    for (const scope of ['ledger:write', 'gates:evaluate'])
      expect(await make(['account:read', scope])).toMatchObject({ status: 403, body: { code: 'fresh_proof_required' } })
    expect(await rotate(writing.id)).toMatchObject({ status: 403, body: { code: 'fresh_proof_required' } })
    expect((await rotate(reading.id)).status).toBe(200)
    expect((await make(['ledger:read'])).status).toBe(201)
    expect(await statusOf(reading.client)).toBe(200)
    const proved = await proveFresh(ada)
    expect((await make(['ledger:write'], proved)).status).toBe(201)
    expect((await rotate(writing.id, proved)).status).toBe(200)
  })

  test("other people's keys do not exist, for any verb", async () => {
    const { server, ada } = await startAt()
    const bob = await server.signUp('Bob')
    const { id, client } = await makeKey(ada)

    const replies = [
      await bob.request('DELETE', `/api/auth/keys/${id}`),
      await bob.post(`/api/auth/keys/${id}/rotate`, {}),
      await bob.request('DELETE', `/api/auth/keys/${id}/old-secret`),
    ]

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(await keysOf(bob)).toEqual([])
    expect(await statusOf(client)).toBe(200)
  })

  test('making, first use, rotation, revocation and refusal are in the audit log, once each and without the key', async () => {
    const { server, ada } = await startAt()
    const log = await openAuditLog(server)
    const before = (await log.entries()).length
    const { client, id, secret } = await makeKey(ada, { name: 'the name somebody typed', scopes: ['ledger:read'] })
    await statusOf(client)
    await statusOf(client)
    await expect.poll(async () => (await log.entries()).length).toBe(before + 2)
    const rotated = await rotateKey(ada, id, 60)
    await ada.request('DELETE', `/api/auth/keys/${id}/old-secret`)
    await ada.request('DELETE', `/api/auth/keys/${id}`)
    for (let turn = 0; turn < 13; turn += 1) await statusOf(rotated.client)
    await statusOf(ada.withToken('aur_00000000000000000000000000000000000000000000000'))
    await server.close()

    const entries = (await log.entries()).slice(before)
    const person = { actor_kind: 'user', actor_id: userIdOf(ada), target_type: 'api_key', target_id: id }
    const stranger = { actor_kind: 'anonymous', actor_id: null, outcome: 'failure' }
    expect(entries.slice(0, 5)).toMatchObject([
      { ...person, action: 'api_key.created', details: { scopes: ['ledger:read'], expires: true } },
      { action: 'api_key.first_used', actor_kind: 'api_key', credential_id: id, address: '127.0.0.1' },
      { ...person, action: 'api_key.rotated', details: { grace_seconds: 60 } },
      { ...person, action: 'api_key.previous_ended' },
      { ...person, action: 'api_key.revoked' },
    ])
    const refused = entries.filter(({ action }) => action === 'api_key.refused')
    expect(refused).toHaveLength(10)
    for (const entry of refused)
      expect(entry).toMatchObject({
        ...stranger,
        account_id: userIdOf(ada),
        target_id: id,
        details: { reason: 'revoked' },
      })
    expect(entries.filter(({ action }) => action === 'limit.reached')).not.toHaveLength(0)
    for (const text of [secret, rotated.secret, 'somebody typed']) expect(JSON.stringify(entries)).not.toContain(text)
  })

  test('neither the log nor any table holds a key, whatever is done with it', async () => {
    const { server, ada } = await startAt()
    const { read } = await openBeside(server)
    const first = await makeKey(ada)
    const { client, secret } = await rotateKey(ada, first.id, 60)
    await statusOf(client)
    await statusOf(first.client)
    await ada.get(`/api/auth/verify?key=${secret}`)
    await client.post('/api/auth/keys', { name: secret, scopes: [secret] })
    await ada.post('/api/auth/keys', { name: 'x', scopes: [secret], addresses: [secret] })
    await ada.get('/api/auth/verify', { headers: { 'user-agent': 'curl/8', authorization: `Basic ${secret}` } })
    await ada.request('DELETE', `/api/auth/keys/${first.id}`)
    await statusOf(client)
    const { text } = await readLog(server)

    const tables = ['api_keys', 'api_key_secrets', 'audit_log', 'attempt_counts', 'sessions']
    const rows = await Promise.all(tables.map((table) => read(`SELECT * FROM ${table}`)))
    for (const { secret: known } of [first, { secret }]) {
      expect(text).not.toContain(known.slice(8))
      expect(JSON.stringify(rows)).not.toContain(known.slice(8))
    }
    expect(rows[1]).toHaveLength(2)
  })
})

test.each<[string, Record<string, unknown>, string]>([
  ['no name', { name: ' ' }, 'name'],
  ['a name that is too long', { name: 'n'.repeat(65) }, 'name'],
  ['a name with what nobody sees', { name: 'a\u202eb' }, 'name'],
  ['no scope', { scopes: [] }, 'scopes'],
  ['a scope that there is not', { scopes: ['ledger:burn'] }, 'scopes.0'],
  ['a scope that is for people', { scopes: ['account:manage'] }, 'scopes.0'],
  ['a scope beyond the role', { scopes: ['ledger:read', 'gates:approve'] }, 'scopes'],
  ['an expiry in the past', { expires_in_seconds: -1 }, 'expires_in_seconds'],
  ['an expiry in ten years', { expires_in_seconds: 315_360_000 }, 'expires_in_seconds'],
  ['write without expiry', { scopes: ['ledger:write'], expires_in_seconds: null }, 'write_without_expiry'],
  ['gates without expiry', { scopes: ['gates:evaluate'], expires_in_seconds: null }, 'write_without_expiry'],
  ['no address in the list', { addresses: [] }, 'addresses'],
  ['a name for an address', { addresses: ['localhost'] }, 'addresses.0'],
  ['a network that is none', { addresses: ['10.0.0.0/33'] }, 'addresses.0'],
  ['too many addresses', { addresses: Array.from({ length: 21 }, (_, last) => `10.0.0.${last}`) }, 'addresses'],
])('%s makes no key', async (_what, changes, field) => {
  const server = await startTestServer()
  const ada = await server.signUp()

  const reply = await ada.post('/api/auth/keys', { name: 'a script', scopes: ['account:read'], ...changes })

  expect(reply).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ field }] } })
  expect(await keysOf(ada)).toEqual([])
})

test('write without expiry is possible when it is said; two live keys never share a name, though made at once', async () => {
  const ada = await (await startTestServer()).signUp()
  const lasting = await makeKey(ada, {
    name: 'lasting',
    scopes: ['ledger:write'],
    expires_in_seconds: null,
    write_without_expiry: true,
  })
  expect(lasting.api_key).toMatchObject({ scopes: ['ledger:write'], expires_at: null })

  const make = () => ada.post('/api/auth/keys', { name: 'twice', scopes: ['account:read'] })
  const replies = await Promise.all([make(), make(), make()])

  expect(replies.map(({ status }) => status).sort()).toEqual([201, 422, 422])
  expect(replies.find(({ status }) => status === 422)?.body.errors).toMatchObject([{ field: 'name', code: 'taken' }])
  const twice = (await keysOf(ada)).find(({ name }: { name: string }) => name === 'twice')
  await ada.request('DELETE', `/api/auth/keys/${twice.id}`)
  expect((await make()).status).toBe(201)
})

test('who has a hundred keys makes no other before one is revoked', async () => {
  const ada = await (await startTestServer()).signUp()
  const keys = await Promise.all(Array.from({ length: 100 }, (_, index) => makeKey(ada, { name: `key ${index}` })))

  const refused = await ada.post('/api/auth/keys', { name: 'one more', scopes: ['account:read'] })

  expect(refused).toMatchObject({ status: 409, body: { code: 'key_limit_reached' } })
  await ada.request('DELETE', `/api/auth/keys/${keys[0]?.id}`)
  expect((await makeKey(ada, { name: 'one more' })).api_key.name).toBe('one more')
})

test('every role that there is can make keys, with nothing that the role does not include', async () => {
  const server = await startTestServer()
  const { users } = await openBeside(server)
  const ada = await server.signUp()
  await users.update(userIdOf(ada), { role: 'viewer' })
  const viewer = await server.client.login(ada.account)

  for (const scope of KEY_SCOPES) {
    const { status } = await viewer.post('/api/auth/keys', { name: scope, scopes: [scope] })
    expect({ scope, status }).toEqual({ scope, status: roles.viewer.scopes.some((own) => own === scope) ? 201 : 422 })
  }
})
