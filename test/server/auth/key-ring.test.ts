import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SigningKeyStoreError, signingKeyId } from '../../../server/signing-keys'
import { openAuditLog } from '../../support/audit-log'
import { openBeside, readLog } from '../../support/beside'
import { keptSigningKeys, LEAD_SECONDS } from '../../support/kept-signing-keys'
import { proveFresh } from '../../support/prove-fresh'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'
import { readToken, signToken } from '../../support/tokens'

const START = Date.parse('2030-01-01T00:00:00Z')
const LIFETIME = 1800
const ROTATE = '/api/admin/signing-keys/rotate'
const LIST = '/api/admin/signing-keys'

const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status
const keyOf = ({ token }: TestClient) => readToken(token).header.kid

async function signUpAdmin(server: TestServer): Promise<TestClient> {
  const ada = await server.signUp('Ada Admin')
  const { users } = await openBeside(server)
  await users.update(readToken(ada.token).claims.sub, { role: 'admin' })
  return server.client.login(ada.account)
}

/** A server whose keys rest in a store, at a clock that the test turns. */
async function start(dialect: 'sqlite' | 'postgres' = 'sqlite') {
  let now = START
  const kept = keptSigningKeys(() => now)
  const server = await startTestServer({
    dialect,
    secrets: { signingKeys: kept.keys() },
    signingKeyStore: kept.store,
    now: () => now,
  })
  const forward = (seconds: number) => {
    now += seconds * 1000
  }
  return { server, kept, forward, signIn: (client: TestClient) => server.client.login(client.account) }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a rotation takes a proof of the last five minutes', async () => {
    const { server, kept, forward } = await start(dialect)
    const admin = await signUpAdmin(server)
    forward(300)
    await expect.poll(() => statusOf(admin)).toBe(200)

    expect(await admin.post(ROTATE)).toMatchObject({ status: 403, body: { code: 'fresh_proof_required' } })

    expect(kept.ids()).toHaveLength(1)
    expect((await admin.get(LIST)).body.total).toBe(1)
    expect((await (await proveFresh(admin)).post(ROTATE)).status).toBe(200)
  })

  test('a rotation signs nobody out: the new key signs after a moment, the one before checks what it signed', async () => {
    const { server, kept, forward, signIn } = await start(dialect)
    const admin = await signUpAdmin(server)
    const [oldId] = kept.ids()
    expect(keyOf(admin)).toBe(oldId)

    const { status, body } = await admin.post(ROTATE)

    const newId = kept.ids()[1]
    const signsFrom = new Date(START + LEAD_SECONDS * 1000).toISOString()
    expect(status).toBe(200)
    expect(body).toEqual({
      signing_keys: [
        { id: newId, state: 'next', signs_from: signsFrom, ends_at: null },
        {
          id: oldId,
          state: 'current',
          signs_from: '1970-01-01T00:00:01.000Z',
          ends_at: new Date(START + (LEAD_SECONDS + LIFETIME + 60) * 1000).toISOString(),
        },
      ],
      total: 2,
      next_cursor: null,
      kept_in: 'keychain',
    })
    for (const { key } of kept.keys())
      for (const encoding of ['hex', 'base64', 'base64url'] as const)
        expect(JSON.stringify(body)).not.toContain(Buffer.from(key).toString(encoding).slice(0, 12))

    const { entries } = await openAuditLog(server)
    expect((await entries()).at(-1)).toMatchObject({
      action: 'signing_key.rotated',
      actor_kind: 'user',
      actor_id: readToken(admin.token).claims.sub,
      target_id: newId,
    })

    forward(LEAD_SECONDS - 1)
    const lastOfOld = await signIn(admin)
    forward(1)
    const firstOfNew = await signIn(admin)
    expect([keyOf(lastOfOld), keyOf(firstOfNew)]).toEqual([oldId, newId])
    expect(await Promise.all([admin, lastOfOld, firstOfNew].map(statusOf))).toEqual([200, 200, 200])
    const states = (await admin.get(LIST)).body.signing_keys.map(({ state }: { state: string }) => state)
    expect(states).toEqual(['current', 'previous'])
  })
})

test('the last token of an old key lives its whole life; then the key checks nothing any more', async () => {
  const { server, kept, forward, signIn } = await start()
  const admin = await signUpAdmin(server)
  await admin.post(ROTATE)
  forward(LEAD_SECONDS - 1)
  const last = await signIn(admin)
  const forge = (seconds: number) => {
    const { header, claims } = readToken(last.token)
    const issued = claims.iat + seconds
    const later = { ...claims, iat: issued, exp: issued + LIFETIME }
    return last.withToken(signToken(header, later, kept.keys()[0]?.key ?? ''))
  }

  forward(LIFETIME - 1)
  expect(await statusOf(last)).toBe(200)
  forward(1)
  expect(await statusOf(last)).toBe(401)
  // Whoever had stolen the key could sign for as long as it counts, and not a second longer.
  expect(await statusOf(forge(60))).toBe(200)
  forward(61)
  expect(await statusOf(forge(90))).toBe(401)
})

test('a key whose last token has expired is destroyed, where it rests too', async () => {
  const { server, kept, forward } = await start()
  const admin = await signUpAdmin(server)
  const [oldId] = kept.ids()
  await admin.post(ROTATE)
  const newId = kept.ids()[1]
  const keys = kept.keys()

  forward(LEAD_SECONDS + LIFETIME + 59)
  const early = await startTestServer({
    secrets: { signingKeys: keys },
    signingKeyStore: kept.store,
    now: () => START + (LEAD_SECONDS + LIFETIME + 59) * 1000,
  })
  await pause(100)
  expect(kept.ids()).toEqual([oldId, newId])
  await early.close()

  const late = await startTestServer({
    secrets: { signingKeys: keys },
    signingKeyStore: kept.store,
    now: () => START + (LEAD_SECONDS + LIFETIME + 60) * 1000,
  })
  await expect.poll(kept.ids).toEqual([newId])
  const { entries } = await openAuditLog(late)
  await expect.poll(async () => (await entries()).map(({ action }) => action)).toEqual(['signing_key.destroyed'])
  expect(await entries()).toMatchObject([{ actor_kind: 'server', target_type: 'signing_key', target_id: oldId }])
  const { text } = await readLog(late)
  for (const { key } of keys) expect(text).not.toContain(Buffer.from(key).toString('base64url'))
})

test('a rotation under load fails no request, on this server and on another with the same keys', async () => {
  const kept = keptSigningKeys()
  const options = { secrets: { signingKeys: kept.keys() }, signingKeyStore: kept.store }
  const server = await startTestServer(options)
  const sibling = await server.startSibling()
  const admin = await signUpAdmin(server)
  const statuses = new Set<number>()
  const keyIds = new Set<unknown>()
  let going = true
  const load = Array.from({ length: 6 }, async () => {
    while (going) {
      const client = await server.client.login(admin.account).catch(() => undefined)
      if (!client) return void statuses.add(0)
      keyIds.add(keyOf(client))
      for (const at of [server.origin, sibling.origin]) statuses.add(await statusOf(client.at(at)))
    }
  })

  // A new key for the other server arrives late, but before it signs.
  const { body } = await admin.post(ROTATE)
  await pause(300)
  sibling.replaceSigningKeys(kept.keys())
  const moment = Date.parse(body.signing_keys[0].signs_from) - Date.now()
  expect(moment).toBeGreaterThan(5_000)
  await pause(moment + 1_000)
  going = false
  await Promise.all(load)

  expect([...statuses]).toEqual([200])
  expect([...keyIds].sort()).toEqual(kept.ids().sort())
}, 60_000)

test('while a new key is about to begin there is no second one', async () => {
  const { server, kept, forward } = await start()
  const admin = await signUpAdmin(server)
  await admin.post(ROTATE)

  const { status, body } = await admin.post(ROTATE)
  expect([status, body.code]).toEqual([409, 'rotation_under_way'])
  expect(kept.keys()).toHaveLength(2)
  forward(LEAD_SECONDS)
  expect((await admin.post(ROTATE)).status).toBe(200)
})

test('only who manages the server sees or rotates its keys', async () => {
  const { server, kept } = await start()
  const analyst = await server.signUp()

  for (const client of [analyst, server.client]) {
    const expected = client === analyst ? 403 : 401
    expect((await client.get(LIST)).status).toBe(expected)
    expect((await client.post(ROTATE)).status).toBe(expected)
  }
  expect(kept.keys()).toHaveLength(1)
})

test('a key that is a setting is not rotated here, and the answer says where', async () => {
  const server = await startTestServer()
  const admin = await signUpAdmin(server)

  const { status, body } = await admin.post(ROTATE)

  expect([status, body.code]).toEqual([409, 'signing_key_is_setting'])
  expect(body.detail).toContain('SECRET_KEY_PREVIOUS')
  expect((await admin.get(LIST)).body).toMatchObject({ total: 1, kept_in: 'settings' })
})

test('a keychain that does not answer is told in its own words, and the old key goes on', async () => {
  const kept = keptSigningKeys()
  const sentence = 'The keychain is locked: unlock it, then try again.'
  const server = await startTestServer({
    secrets: { signingKeys: kept.keys() },
    signingKeyStore: { ...kept.store, rotate: () => Promise.reject(new SigningKeyStoreError(sentence)) },
  })
  const admin = await signUpAdmin(server)

  const { status, body } = await admin.post(ROTATE)

  expect([status, body.code, body.detail]).toEqual([503, 'keychain_unavailable', sentence])
  expect(await statusOf(await server.client.login(admin.account))).toBe(200)
})

test('keys that are destroyed in a keychain that refuses stay until it takes it', async () => {
  const kept = keptSigningKeys(() => START)
  await kept.store.rotate()
  const server = await startTestServer({
    secrets: { signingKeys: kept.keys() },
    signingKeyStore: {
      ...kept.store,
      destroy: () => Promise.reject(new SigningKeyStoreError('The keychain is locked.')),
    },
    now: () => START + 86_400_000,
  })
  await pause(100)

  expect(kept.keys()).toHaveLength(2)
  const { lines } = await readLog(server)
  expect(lines.filter(({ msg }) => /destroying signing keys failed/.test(String(msg)))).toHaveLength(1)
})

test.each([
  ['back by a day', -86_400],
  ['ahead by a day', 86_400],
])('a clock that was %s when the key was made keeps nobody from signing in', async (_what, seconds) => {
  const kept = keptSigningKeys(() => START + seconds * 1000, [])
  await kept.store.rotate()
  const server = await startTestServer({ secrets: { signingKeys: kept.keys() }, now: () => START })

  const ada = await server.signUp()

  expect(keyOf(ada)).toBe(kept.ids()[0])
  expect(await statusOf(ada)).toBe(200)
})

test('a clock that goes back behind a rotation signs with the old key again, and both check', async () => {
  const { server, kept, forward, signIn } = await start()
  const admin = await signUpAdmin(server)
  await admin.post(ROTATE)
  forward(45)
  const ahead = await signIn(admin)

  forward(-45)
  const again = await signIn(admin)

  expect([keyOf(ahead), keyOf(again)]).toEqual([kept.ids()[1], kept.ids()[0]])
  expect(await statusOf(ahead)).toBe(200)
  expect(await statusOf(again)).toBe(200)
})

test('tokens from before keys had names count until they expire, and only for the key of then', async () => {
  const key = Buffer.alloc(32, 3)
  const server = await startTestServer({ secrets: { signingKeys: [{ key, signsFrom: 0 }] } })
  const ada = await server.signUp()
  const { claims } = readToken(ada.token)
  const { role: _none, ...earlier } = claims
  const early = (content: object, by: Uint8Array = key) =>
    statusOf(ada.withToken(signToken({ alg: 'HS256', typ: 'at+jwt' }, content, by)))

  expect(await early(earlier)).toBe(200)
  expect(await early({ ...earlier, iat: earlier.iat - 1801, exp: earlier.iat - 1 })).toBe(401)
  expect(await early(earlier, Buffer.alloc(32, 4))).toBe(401)
  expect(await early({ ...claims, role: 'admin' })).toBe(401)
  const { is_admin: _nothing, ...unsaid } = earlier
  expect(await early(unsaid)).toBe(401)

  const named = await startTestServer({ secrets: { signingKeys: [{ key, signsFrom: 1 }] } })
  const bob = await named.signUp()
  const { role: _no, ...bobs } = readToken(bob.token).claims
  expect(await statusOf(bob.withToken(signToken({ alg: 'HS256', typ: 'at+jwt' }, bobs, key)))).toBe(401)
})

test('with SECRET_KEY_PREVIOUS a key that was a setting checks what it signed, and signs nothing', async () => {
  const [old, next] = [Buffer.alloc(32, 5), Buffer.alloc(32, 6)]
  const first = await startTestServer({ secrets: { signingKeys: [{ key: old, signsFrom: 0 }] } })
  const ada = await first.signUp()
  const restart = (signingKeys: { key: Uint8Array; signsFrom: number | null }[]) =>
    startTestServer({ config: { database: first.config.database }, secrets: { ...first.secrets, signingKeys } })

  const both = await restart([
    { key: next, signsFrom: 0 },
    { key: old, signsFrom: null },
  ])
  const again = await both.client.login(ada.account)
  expect(keyOf(again)).toBe(signingKeyId(next))
  expect(await statusOf(ada.at(both.origin))).toBe(200)

  const alone = await restart([{ key: next, signsFrom: 0 }])
  expect(await statusOf(ada.at(alone.origin))).toBe(401)
  expect(await statusOf(again.at(alone.origin))).toBe(200)
})

test('a lifetime that was lowered counts for tokens that were made before as well', async () => {
  let now = START
  const long = await startTestServer({
    config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 86_400 } },
    now: () => now,
  })
  onTestFinished(() => long.close())
  const ada = await long.signUp()
  const short = await long.startSibling({ tokens: { algorithm: 'HS256', lifetimeSeconds: 60 } })

  expect(await statusOf(ada.at(short.origin))).toBe(200)
  now += 60_000
  expect(await statusOf(ada.at(short.origin))).toBe(401)
  expect(await statusOf(ada)).toBe(200)
})
