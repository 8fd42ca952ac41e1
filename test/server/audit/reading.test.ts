import { describe, expect, test } from 'vitest'
import { type ActivityPage, type AuditPage, activityPage, auditPage } from '../../../contracts/audit-log'
import { anonymous, signedIn } from '../../../server/audit/actor'
import { type AuditLog, openAuditLog, signUpAdmin } from '../../support/audit-log'
import { HERE } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const START = Date.parse('2026-03-01T00:00:00Z')
const MINUTE = 60_000

const idOf = async (client: TestClient): Promise<string> => (await client.get('/api/auth/verify')).body.user.id

async function read(client: TestClient, query = ''): Promise<AuditPage> {
  return auditPage.parse((await client.get(`/api/audit${query}`)).body)
}

async function readOwn(client: TestClient, query = ''): Promise<ActivityPage> {
  return activityPage.parse((await client.get(`/api/audit/mine${query}`)).body)
}

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    const ada = await server.signUp('Ada')
    return { server, log, admin, ada, adminId: await idOf(admin), adaId: await idOf(ada) }
  }

  test('administrators read all of it, newest first, page by page, with the names of people', async () => {
    const { server, log, admin, ada, adminId, adaId } = await start()
    for (let turn = 0; turn < 5; turn += 1) await server.client.login(ada.account)
    const all = (await log.entries()).reverse()

    const first = await read(admin, '?limit=4')
    const second = await read(admin, `?limit=4&cursor=${first.next_cursor}`)
    const third = await read(admin, `?limit=4&cursor=${second.next_cursor}`)

    expect([first, second, third].flatMap(({ entries }) => entries)).toEqual(all)
    expect([first, second, third].map(({ total }) => total)).toEqual([all.length, null, null])
    expect(third.next_cursor).toBeNull()
    expect(first.people).toEqual([{ id: adaId, name: 'Ada', email: ada.account.email }])
    expect(third.people).toContainEqual({ id: adminId, name: 'Grace Admin', email: admin.account.email })
  })

  test.each<[string, (of: { adaId: string; adminId: string }) => string, string[]]>([
    ['an action', () => 'action=session.others_revoked', ['c']],
    ['all of a kind', () => 'action=session', ['b', 'c', 'd', 'e']],
    ['an outcome', () => 'outcome=failure', ['d']],
    ['whom it is about or who did it', ({ adaId }) => `user=${adaId}`, ['c', 'd', 'e']],
    ['one who did it to another', ({ adminId }) => `user=${adminId}`, ['b', 'e']],
    ['somebody who is nobody', () => 'user=nobody', []],
    ['times', () => 'from=2026-03-01T00:01:00Z&to=2026-03-01T00:03:00.000Z', ['b', 'c']],
    ['a time of another zone', () => 'from=2026-03-01T02:02:00%2B02:00', ['c', 'd', 'e']],
    ['several together', ({ adaId }) => `user=${adaId}&outcome=success&action=session`, ['c', 'e']],
  ])('it can be filtered by %s', async (_what, query, expected) => {
    const clock = { at: Date.now() }
    const server = await startTestServer({ dialect, now: () => clock.at })
    const log = await openAuditLog(server)
    const admin = await signUpAdmin(server, log)
    const ada = await server.signUp('Ada')
    const [adminId, adaId] = [await idOf(admin), await idOf(ada)]
    await writeFive(log, adminId, adaId)
    const letters = 'abcde'

    const { entries, total } = await read(admin, `?${query({ adaId, adminId })}`)

    const mine = entries.filter(({ request_id: id }) => id !== null && letters.includes(id))
    expect(mine.map(({ request_id: id }) => id).reverse()).toEqual(expected)
    expect(total).toBe(entries.length)
  })

  test('everybody reads what they did and what was done to them, and nothing of where others act from', async () => {
    const { server, log, admin, ada, adminId, adaId } = await start()
    await server.client.post('/api/auth/login', { ...ada.account, password: 'a wrong password' })
    await expect.poll(async () => (await log.entries()).length).toBe(6)
    await log.database.write(async (transaction) => {
      const by = signedIn(adminId, 'session-of-grace', { ...HERE, address: '192.0.2.7', userAgent: 'curl/8' })
      log.audit.record({ action: 'session.revoked', by, account: adaId }, transaction)
    })

    const { entries, total } = await readOwn(ada)

    expect(total).toBe(4)
    expect(entries).toMatchObject([
      { action: 'session.revoked', is_own: false, actor_name: 'Grace Admin', address: null, device: null },
      { action: 'session.signed_in', outcome: 'failure', is_own: false, actor_name: null, address: '127.0.0.1' },
      { action: 'session.signed_in', outcome: 'success', is_own: true, actor_name: null, address: '127.0.0.1' },
      { action: 'account.registered', is_own: true },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/session-of-grace|192\.0\.2\.7/)
    expect((await readOwn(ada, '?user=anybody').catch((error) => error)).entries).toBeUndefined()
    expect((await readOwn(admin)).entries.map(({ action }) => action)).toContain('session.revoked')
  })

  test('nobody else reads, exports or verifies the log', async () => {
    const { server, ada } = await start()
    const asked = [
      (client: TestClient) => client.get('/api/audit'),
      (client: TestClient) => client.get('/api/audit/export'),
      (client: TestClient) => client.post('/api/audit/verify'),
    ]

    for (const ask of asked) {
      expect(await ask(ada)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
      expect((await ask(server.client)).status).toBe(401)
    }
    expect((await server.client.get('/api/audit/mine')).status).toBe(401)
  })
})

test.each([
  'action=DROP',
  'action=nothing',
  'outcome=perhaps',
  'from=yesterday',
  'cursor=x',
  'limit=0',
  'limit=201',
  'user=',
  'colour=blue',
])('the query %s is refused', async (query) => {
  const server = await startTestServer()
  const admin = await signUpAdmin(server, await openAuditLog(server))

  expect(await admin.get(`/api/audit?${query}`)).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
})

/** One entry a minute, named a to e by their request. */
async function writeFive(log: AuditLog, adminId: string, adaId: string): Promise<void> {
  const origin = (requestId: string) => ({ ...HERE, requestId })
  const grace = (letter: string) => signedIn(adminId, 'session', origin(letter))
  const ada = (letter: string) => signedIn(adaId, 'session', origin(letter))
  const events = [
    { action: 'account.registered', by: anonymous(origin('a')) },
    { action: 'session.signed_in', by: grace('b') },
    { action: 'session.others_revoked', by: ada('c'), details: { sessions: 2 } },
    { action: 'session.signed_in', by: anonymous(origin('d')), outcome: 'failure', account: adaId },
    { action: 'session.revoked', by: grace('e'), account: adaId },
  ] as const
  await log.removeGuards()
  for (const [minute, event] of events.entries()) {
    await log.database.write(async (transaction) => log.audit.record(event, transaction))
    const [newest] = (await log.entries()).slice(-1)
    const at = new Date(START + minute * MINUTE).toISOString().replace('T', ' ').replace('Z', ' +00:00')
    await log.overwrite(newest?.seq ?? 0, { occurred_at: at })
  }
  await log.change(
    "UPDATE audit_log SET occurred_at = '2020-01-01 00:00:00.000 +00:00' WHERE request_id NOT IN (:them)",
    {
      them: ['a', 'b', 'c', 'd', 'e'],
    },
  )
}
