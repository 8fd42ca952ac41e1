import { describe, expect, test } from 'vitest'
import type { RecentEvent } from '../../../contracts/events'
import { indexEventsByStrategy } from '../../../migrations/0024-index-events-by-strategy'
import { openTestDatabase } from '../../support/open-test-database'
import { asNdjson, makeStrategy, send, someEquity, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const HISTORY = [
  ['gate.evaluated', 'Ada', { gate: 'dev', verdict: 'inconclusive', strategy_version: 2 }],
  ['strategy.changed', 'Ada', { change: 'moved', workspace: 'Desk' }],
  ['strategy.changed', 'Ada', { change: 'version', version: 2 }],
  ['backtest.failed', 'Ada', { reason: 'No more data.', label: 'First try', strategy_version: 1 }],
  ['backtest.started', 'Ada', { label: 'First try', strategy_version: 1 }],
  ['strategy.changed', 'Ada', { change: 'edited', fields: 'name, tags' }],
  ['strategy.created', 'Ada', { change: 'created' }],
] as const

describe.each(DIALECTS)('the timeline of a strategy on %s', (dialect) => {
  test('has all that happened to it, newest first, page by page, for whoever sees the strategy now', async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const id = await makeHistory(ada, bob)
    await makeStrategy(ada, { name: 'Another' })

    const whole = await timeline(ada, id, 100)
    expect(whole).toMatchObject(HISTORY.map(([type, actor_name, data]) => ({ type, actor_name, data })))
    expect(await timeline(ada, id, 2)).toEqual(whole)
    expect(await timeline(bob, id, 3)).toEqual(whole) // also of when it was not yet where Bob is
    for (const query of ['cursor=x', 'cursor=0', 'strategy_id=', 'limit=0'])
      expect({ query, status: (await ada.get(`/api/v1/events/recent?${query}`)).status }).toEqual({
        query,
        status: 422,
      })
  })

  test('tells what was recorded without an event, before all else, and ids go on from there', async () => {
    const server = await startTestServer({ dialect })
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    const id = await makeHistory(ada, bob)
    const { last_id: before } = (await ada.get('/api/v1/events')).body
    const { sequelize } = await openTestDatabase(server)
    const schema = sequelize.getQueryInterface()
    await sequelize.transaction((transaction) => indexEventsByStrategy.down(schema, transaction))
    await sequelize.query(`DELETE FROM ledger_events WHERE type LIKE 'backtest.%' OR type = 'strategy.created'`)
    await sequelize.transaction((transaction) => indexEventsByStrategy.up(schema, transaction))

    const told = await timeline(ada, id, 3)
    expect(told.map(({ type, actor_name }) => [type, actor_name])).toEqual([
      ['gate.evaluated', 'Ada'],
      ['strategy.changed', 'Ada'],
      ['strategy.changed', 'Ada'],
      ['strategy.changed', 'Ada'],
      ['backtest.failed', 'Ada'],
      ['strategy.created', 'Ada'],
    ])
    expect(told.slice(-2).map(({ id }) => id)).toEqual([2, 1])
    await ada.post(`/api/v1/strategies/${id}/archive`)
    expect((await timeline(ada, id, 1))[0]).toMatchObject({ data: { change: 'archived' } })
    expect((await ada.get('/api/v1/events')).body.last_id).toBeGreaterThan(before)
  })
})

/** A strategy to which all of `HISTORY` happens; it ends in a workspace that Bob may read. */
async function makeHistory(ada: TestClient, bob: TestClient): Promise<string> {
  const id = await makeStrategy(ada)
  const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
  await ada.post(`/api/v1/workspaces/${desk.id}/members`, { email: bob.account.email, role: 'viewer' })
  await ada.request('PATCH', `/api/v1/strategies/${id}`, { name: 'Renamed', tags: ['fx'] })
  const run = await startRun(ada, id, { label: 'First try' })
  const rows = asNdjson(someEquity(10))
  await send(ada, `/api/v1/backtests/${run.id}/points?offset=0`, 'application/x-ndjson', rows)
  await ada.post(`/api/v1/backtests/${run.id}/fail`, { reason: 'No more data.' })
  await ada.post(`/api/v1/strategies/${id}/versions`, { parameters: { window: 5 } })
  await ada.request('PATCH', `/api/v1/strategies/${id}`, { workspace_id: desk.id })
  await ada.post(`/api/v1/strategies/${id}/gates/dev/evaluate`, {})
  return id
}

async function timeline(client: TestClient, id: string, limit: number): Promise<RecentEvent[]> {
  const events: RecentEvent[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const next: string = cursor && `&cursor=${cursor}`
    const { body } = await client.get(`/api/v1/events/recent?strategy_id=${id}&limit=${limit}${next}`)
    events.push(...body.events)
    cursor = limit === 1 ? null : body.next_cursor
  }
  return events
}
