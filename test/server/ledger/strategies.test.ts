import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../support/open-test-database'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const aStrategy = (changes: Record<string, unknown> = {}) => ({
  name: 'Momentum on majors',
  strategy_type: 'momentum',
  parameters: { window: 20, threshold: 0.5 },
  tags: ['fx', 'daily'],
  ...changes,
})

async function create(client: TestClient, changes: Record<string, unknown> = {}) {
  const { status, body } = await client.post('/api/v1/strategies', aStrategy(changes))
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

/** Every page of a list, and how many requests it took. */
async function readAll(client: TestClient, path: string) {
  const names: string[] = []
  let pages = 0
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const { status, body } = await client.get(`${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    expect(status).toBe(200)
    names.push(...body.strategies.map(({ name }: { name: string }) => name))
    cursor = body.next_cursor
  }
  return { names, pages }
}

const FILTERS: [filter: string, names: string[]][] = [
  ['search=majors', ['Momentum on majors']],
  ['search=MOMENTUM%20fx', ['Momentum on majors']],
  ['search=100%25', ['Carry 100%']],
  ['search=ÜBER', ['Über-Trend']],
  ['search=100_', []],
  ['tag=fx', ['Momentum on majors']],
  ['tag=f', []],
  ['strategy_type=carry', ['Carry 100%']],
  ['status=archived', ['Old one']],
  ['status=any&sort=name', ['Carry 100%', 'Momentum on majors', 'Old one', 'Über-Trend']],
  ['owner_id=me&sort=name', ['Carry 100%', 'Momentum on majors', 'Über-Trend']],
  ['owner_id=nobody', []],
  ['stage=product', []],
  ['workspace_id=elsewhere', []],
]

const FAULTS: [fault: Record<string, unknown>, field: string][] = [
  [{ name: '' }, 'name'],
  [{ name: 'a\u0000b' }, 'name'],
  [{ strategy_type: 7 }, 'strategy_type'],
  [{ tags: ['two words'] }, 'tags.0'],
  [{ tags: ['"'] }, 'tags.0'],
  [{ parameters: [1] }, 'parameters'],
  [{ parameters: { text: 'x'.repeat(65_536) } }, 'parameters'],
  [{ parameters: { text: 'half \ud800' } }, 'parameters'],
  [{ parameters: { deep: JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`) } }, 'parameters'],
]

const QUERIES = [
  'cursor=nonsense',
  `cursor=${Buffer.from('["-updated_at","yesterday","x"]').toString('base64url')}`,
  `cursor=${Buffer.from('["-updated_at","2021-13-45T99:99:99.000Z","x"]').toString('base64url')}`,
  `cursor=${Buffer.from('["name","a","b"]').toString('base64url')}`,
  'limit=0',
  'limit=201',
  'limit=ten',
  'sort=price',
  'serach=typo',
  'search=%00',
  'tag=a&tag=b',
]

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a strategy is kept as it was recorded, in the own workspace of its author', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')

    const created = await create(ada, { tags: ['FX', 'daily', 'fx'], description: 'Buys what rises.' })

    expect(created).toMatchObject({
      name: 'Momentum on majors',
      strategy_type: 'momentum',
      description: 'Buys what rises.',
      parameters: { window: 20, threshold: 0.5 },
      version: 1,
      tags: ['daily', 'fx'],
      status: 'active',
      stage: 'research',
      owner_name: 'Ada',
      backtest_count: 0,
    })
    expect((await ada.get(`/api/v1/strategies/${created.id}`)).body).toEqual(created)
    const { workspaces } = (await ada.get('/api/v1/workspaces')).body
    expect(workspaces).toMatchObject([{ id: created.workspace_id, kind: 'own', role: 'owner', member_count: 1 }])
  })

  test('other parameters are a new version, the same ones none, and old ones stay', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const { id } = await create(ada)
    const add = (parameters: object, note = '') => ada.post(`/api/v1/strategies/${id}/versions`, { parameters, note })

    const second = await add({ window: 50 }, 'slower')
    const again = await add({ window: 50 })
    await add({ window: 100 })

    expect(second).toMatchObject({ status: 201, body: { version: 2, parameters: { window: 50 }, note: 'slower' } })
    expect(again.body).toEqual(second.body)
    const list = await ada.get(`/api/v1/strategies/${id}/versions?limit=2`)
    expect(list.body).toMatchObject({
      versions: [
        { version: 3, parameters: { window: 100 }, author_name: 'Ada' },
        { version: 2, parameters: { window: 50 } },
      ],
      total: 3,
      next_cursor: '2',
    })
    const rest = await ada.get(`/api/v1/strategies/${id}/versions?limit=2&cursor=2`)
    expect(rest.body).toMatchObject({
      versions: [{ version: 1, parameters: { window: 20, threshold: 0.5 } }],
      next_cursor: null,
    })
    expect((await ada.get(`/api/v1/strategies/${id}`)).body).toMatchObject({ version: 3, parameters: { window: 100 } })
  })

  test('pages follow each other without a gap or a repetition, in every order', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const { body: shared } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    const names = ['beta', 'Alpha', 'delta', 'Gamma', 'epsilon', 'Zeta', 'eta']
    for (const [index, name] of names.entries())
      await create(ada, { name, ...(index % 2 ? { workspace_id: shared.id } : {}) })
    const sorted = [...names].sort((a, b) => a.localeCompare(b))

    const pages = (sort: string) => readAll(ada, `/api/v1/strategies?limit=2&sort=${sort}`)

    expect(await pages('created_at')).toEqual({ names, pages: 4 })
    expect(await pages('-created_at')).toEqual({ names: [...names].reverse(), pages: 4 })
    expect((await pages('-updated_at')).names).toEqual([...names].reverse())
    expect((await pages('name')).names).toEqual(sorted)
    expect((await pages('-name')).names).toEqual(sorted.reverse())
    expect((await ada.get('/api/v1/strategies?limit=1')).body.total).toBe(7)
  })

  test('each filter finds what it should, and says how many', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    await create(ada)
    await create(ada, { name: 'Carry 100%', strategy_type: 'carry', tags: ['rates'] })
    await create(ada, { name: 'Über-Trend', tags: [] })
    const { id } = await create(ada, { name: 'Old one', tags: [] })
    expect((await ada.post(`/api/v1/strategies/${id}/archive`)).body).toMatchObject({ status: 'archived' })

    for (const [filter, names] of FILTERS) {
      const { status, body } = await ada.get(`/api/v1/strategies?${filter}`)
      const found = body.strategies?.map(({ name }: { name: string }) => name)
      expect({ filter, status, found, total: body.total }).toEqual({
        filter,
        status: 200,
        found: names,
        total: names.length,
      })
    }
  })

  test('what you may not see does not exist for you', async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const { id } = await create(ada)
    const none = '00000000-0000-4000-8000-000000000000'

    for (const [method, path, sent] of [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine now' }],
      ['POST', '/archive'],
      ['POST', '/restore'],
      ['GET', '/versions'],
      ['POST', '/versions', { parameters: {} }],
    ] as const) {
      const foreign = await bob.request(method, `/api/v1/strategies/${id}${path}`, sent)
      const unknown = await bob.request(method, `/api/v1/strategies/${none}${path}`, sent)
      expect(foreign).toMatchObject({ status: 404, body: unknown.body })
    }
    const unknown = await bob.get(`/api/v1/events/recent?strategy_id=${none}`)
    expect(await bob.get(`/api/v1/events/recent?strategy_id=${id}`)).toMatchObject({ status: 404, body: unknown.body })
    expect((await bob.get('/api/v1/strategies?status=any')).body).toMatchObject({ strategies: [], total: 0 })
    expect((await bob.get('/api/v1/strategies/facets')).body).toEqual({ strategy_types: [], tags: [], owners: [] })
    expect((await bob.get('/api/v1/events')).body.events).toEqual([])
    expect((await bob.get('/api/v1/events/recent')).body.events).toEqual([])
    const { body: all } = await ada.get('/api/v1/events')
    const { body: recent } = await ada.get('/api/v1/events/recent?limit=1')
    expect(recent).toEqual({
      events: [{ ...all.events.at(-1), actor_name: 'Ada' }],
      last_id: all.last_id,
      next_cursor: null,
    })
    expect((await ada.get(`/api/v1/strategies/${id}`)).body).toMatchObject({ name: 'Momentum on majors', version: 1 })
  })

  test('a shared workspace: viewers read, editors record, owners decide, and who leaves sees nothing', async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob, eve] = [await signUp('Ada'), await signUp('Bob'), await signUp('Eve')]
    const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    const { id } = await create(ada, { workspace_id: desk.id })
    const members = `/api/v1/workspaces/${desk.id}/members`
    const archive = (client: TestClient) => client.post(`/api/v1/strategies/${id}/archive`)

    await ada.post(members, { email: bob.account.email, role: 'viewer' })
    expect((await bob.get(`/api/v1/strategies/${id}`)).status).toBe(200)
    expect(await archive(bob)).toMatchObject({ status: 403, body: { code: 'workspace_read_only' } })
    const intoDesk = aStrategy({ workspace_id: desk.id })
    expect((await bob.post('/api/v1/strategies', intoDesk)).status).toBe(403)
    expect((await bob.post(members, { email: eve.account.email, role: 'editor' })).status).toBe(403)
    expect((await eve.get(members)).status).toBe(404)
    expect((await eve.post('/api/v1/strategies', intoDesk)).status).toBe(422)

    const list = await ada.post(members, { email: bob.account.email.toUpperCase(), role: 'editor' })
    expect(list.body).toMatchObject({
      members: [
        { name: 'Ada', role: 'owner' },
        { name: 'Bob', role: 'editor' },
      ],
    })
    expect((await archive(bob)).status).toBe(200)
    expect((await bob.get('/api/v1/workspaces')).body).toMatchObject({
      workspaces: [{ kind: 'own' }, { name: 'Desk', role: 'editor', member_count: 2 }],
    })

    expect((await bob.request('DELETE', `${members}/${list.body.members[1].user_id}`)).status).toBe(200)
    expect((await bob.get(`/api/v1/strategies/${id}`)).status).toBe(404)
    expect((await ada.get(`/api/v1/strategies/${id}`)).status).toBe(200)
  })

  test('nobody comes into an own workspace, and a strategy that moves is seen where it went', async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const strategy = await create(ada)
    const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    await ada.post(`/api/v1/workspaces/${desk.id}/members`, { email: bob.account.email, role: 'viewer' })
    const own = `/api/v1/workspaces/${strategy.workspace_id}/members`

    const refused = await ada.post(own, { email: bob.account.email, role: 'viewer' })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'email' }] } })
    expect((await bob.get(`/api/v1/strategies/${strategy.id}`)).status).toBe(404)

    const moved = await ada.request('PATCH', `/api/v1/strategies/${strategy.id}`, { workspace_id: desk.id })
    expect(moved).toMatchObject({ status: 200, body: { workspace_id: desk.id } })
    expect((await bob.get(`/api/v1/strategies/${strategy.id}`)).status).toBe(200)

    // Who may change it may not take it away from those who own the workspace.
    await ada.post(`/api/v1/workspaces/${desk.id}/members`, { email: bob.account.email, role: 'editor' })
    const ofBob = (await create(bob)).workspace_id
    const taken = await bob.request('PATCH', `/api/v1/strategies/${strategy.id}`, { workspace_id: ofBob })
    expect(taken).toMatchObject({ status: 403, body: { code: 'workspace_read_only' } })
    expect((await ada.get(`/api/v1/strategies/${strategy.id}`)).body.workspace_id).toBe(desk.id)
  })

  test('what is not right is refused by field and leaves nothing', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')

    for (const [fault, field] of FAULTS)
      expect(await ada.post('/api/v1/strategies', aStrategy(fault))).toMatchObject({
        status: 422,
        body: { errors: [{ field }] },
      })

    expect((await ada.get('/api/v1/strategies/%00')).status).toBe(404)

    const { sequelize } = await openTestDatabase(server)
    for (const table of ['strategies', 'strategy_versions', 'ledger_events'])
      expect((await sequelize.query(`SELECT * FROM ${table}`))[0]).toEqual([])
  })

  test('a query that the list does not know is refused', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    for (const query of QUERIES)
      expect({ query, status: (await ada.get(`/api/v1/strategies?${query}`)).status }).toEqual({ query, status: 422 })
  })

  test('what happens is an event with an increasing id, and reading goes on after the last one', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const { id } = await create(ada)
    const { last_id } = (await ada.get('/api/v1/events')).body
    await ada.request('PATCH', `/api/v1/strategies/${id}`, { name: 'Renamed' })
    await ada.request('PATCH', `/api/v1/strategies/${id}`, { name: 'Renamed' }) // changes nothing
    await ada.post(`/api/v1/strategies/${id}/versions`, { parameters: { window: 5 } })

    const { events } = (await ada.get(`/api/v1/events?after=${last_id}`)).body

    expect(events).toMatchObject([
      { type: 'strategy.changed', strategy_id: id, strategy_name: 'Renamed', data: { change: 'edited' } },
      { type: 'strategy.changed', data: { change: 'version', version: 2 } },
    ])
    expect(events[1].id).toBeGreaterThan(events[0].id)
    expect((await ada.get('/api/v1/events')).body.events[0]).toMatchObject({ type: 'strategy.created' })
    expect((await ada.get(`/api/v1/events?after=${events[1].id}`)).body.events).toEqual([])
  })
})
