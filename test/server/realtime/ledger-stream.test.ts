import { describe, expect, it } from 'vitest'
import { REALTIME_CLOSE } from '../../../contracts/realtime'
import { makeKey } from '../../support/api-keys'
import { openRealtime, type RealtimeClient } from '../../support/realtime-client'
import { asNdjson, makeStrategy, send, someEquity, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

async function watch(person: TestClient, after?: number): Promise<RealtimeClient> {
  const client = openRealtime(person.origin)
  await client.authenticate(person.token)
  await client.follow('ledger', after)
  return client
}

const typesOf = (client: RealtimeClient) => client.events('ledger').map(({ type }) => type)
const idsOf = (client: RealtimeClient, from = 0) => client.events('ledger', from).map(({ id }) => id)

/** A streamed run from its start to its end, and another that fails. */
async function record(person: TestClient, strategyId: string) {
  const run = await startRun(person, strategyId)
  await send(person, `/api/v1/backtests/${run.id}/points?offset=0`, 'application/x-ndjson', asNdjson(someEquity(60)))
  expect((await person.post(`/api/v1/backtests/${run.id}/complete`, {})).status).toBe(200)
  const failed = await startRun(person, strategyId)
  expect((await person.post(`/api/v1/backtests/${failed.id}/fail`, { reason: 'no data' })).status).toBe(200)
}

const RECORDED = [
  'strategy.created',
  'backtest.started',
  'backtest.progress',
  'backtest.completed',
  'backtest.started',
  'backtest.failed',
]

describe.each(DIALECTS)('ledger events on %s', (dialect) => {
  it('reach those who may see them, at each node, in one order, and nobody else', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const [ada, stranger] = [await server.signUp('Ada'), await server.signUp('Sam Stranger')]
    const [here, there, foreign] = [await watch(ada), await watch(ada.at(sibling.origin)), await watch(stranger)]

    await record(ada, await makeStrategy(ada))
    const own = await makeStrategy(stranger, { name: 'Mine' })
    await expect.poll(() => foreign.events('ledger').map(({ strategy_id }) => strategy_id)).toEqual([own])
    for (const client of [here, there]) await expect.poll(() => typesOf(client)).toEqual(RECORDED)
    expect(idsOf(here)).toEqual(idsOf(there))
    expect(idsOf(here)).toEqual([...new Set(idsOf(here))].sort((one, other) => one - other))
  })

  it('go on after the last id that was seen: nothing is missed and nothing comes twice', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const ada = await server.signUp('Ada')
    const first = await watch(ada)
    await makeStrategy(ada, { name: 'before' })
    await expect.poll(() => idsOf(first)).toHaveLength(1)
    first.socket.terminate()
    const nodes = [ada, ada.at(sibling.origin)]
    const many = Array.from({ length: 40 }, (_, index) => makeStrategy(nodes[index % 2] ?? ada))
    // In the midst of what happens, at the other node, and twice over.
    const second = await watch(ada.at(sibling.origin), idsOf(first)[0])
    second.send({ type: 'follow', stream: 'ledger', after: idsOf(first)[0] })
    await Promise.all(many)
    const { body } = await ada.get('/api/v1/events?after=0&limit=500')
    const ids: number[] = body.events.map(({ id }: { id: number }) => id)
    await expect.poll(() => idsOf(second).at(-1)).toBe(ids.at(-1))
    const lastAnswer = second.received.map(({ type }) => type).lastIndexOf('following')
    expect(idsOf(second, lastAnswer)).toEqual(ids.slice(1))
  })

  it('follow who is let into a workspace, and who is taken out of it', async () => {
    const server = await startTestServer({ dialect })
    const [ada, max] = [await server.signUp('Ada'), await server.signUp('Max Member')]
    const [client, witness] = [await watch(max), await watch(ada)]
    const { body: workspace } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    const namesAt = (socket: RealtimeClient) => socket.events('ledger').map(({ strategy_name }) => strategy_name)
    const inside = async (name: string) => {
      await makeStrategy(ada, { name, workspace_id: workspace.id })
      await expect.poll(() => namesAt(witness).at(-1)).toBe(name)
    }
    await inside('before')
    const members = `/api/v1/workspaces/${workspace.id}/members`
    const { body: list } = await ada.post(members, { email: max.account.email, role: 'viewer' })
    await inside('during')
    const id = list.members.find(({ email }: { email: string }) => email === max.account.email).user_id
    await ada.request('DELETE', `${members}/${id}`)
    await inside('after')
    await makeStrategy(max, { name: 'own' })
    await expect.poll(() => namesAt(client)).toEqual(['during', 'own'])
    // The table says the same as the wire.
    const again = await watch(max, 0)
    await expect.poll(() => namesAt(again)).toEqual(['own'])
  })
})

describe('following the ledger', () => {
  it('takes a credential with ledger:read, of a person or of a script', async () => {
    const server = await startTestServer()
    const ada = await server.signUp('Ada')
    const script = await makeKey(ada, { scopes: ['ledger:read'] })
    const reader = await watch(script.client)
    expect(reader.received[0]).toMatchObject({ session_id: null, expires_at: null })
    await makeStrategy(ada)
    await expect.poll(() => typesOf(reader)).toEqual(['strategy.created'])
    reader.send({ type: 'follow', stream: 'account' })
    expect(await reader.closed).toBe(REALTIME_CLOSE.notAllowed)

    const another = await makeKey(ada, { name: 'another', scopes: ['account:read'] })
    const refused = openRealtime(server.origin)
    await refused.authenticate(another.secret)
    refused.send({ type: 'follow', stream: 'ledger' })
    expect(await refused.closed).toBe(REALTIME_CLOSE.notAllowed)

    const open = await watch(script.client)
    await ada.request('DELETE', `/api/auth/keys/${script.id}`)
    expect(await open.closed).toBe(REALTIME_CLOSE.sessionEnded)

    const nobody = openRealtime(server.origin)
    await nobody.status
    nobody.send({ type: 'follow', stream: 'ledger' })
    expect(await nobody.closed).toBe(REALTIME_CLOSE.notAuthenticated)
  })

  it('says when what came after an id is not kept any more', async () => {
    const server = await startTestServer()
    const ada = await server.signUp('Ada')
    await makeStrategy(ada)
    const client = openRealtime(server.origin)
    await client.authenticate(ada.token)
    expect(await client.follow('ledger', 0)).toMatchObject({ last_id: 0, is_complete: true })
    expect(await client.follow('ledger', 1)).toMatchObject({ last_id: 1, is_complete: true })
    // Of a database that was restored since.
    expect(await client.follow('ledger', 99)).toMatchObject({ last_id: 1, is_complete: false })
  })

  it('tells the progress of a run at most once a second, and the last rows before a pause', async () => {
    const server = await startTestServer()
    const ada = await server.signUp('Ada')
    const client = await watch(ada)
    const run = await startRun(ada, await makeStrategy(ada))
    for (let from = 0; from < 300; from += 10) {
      const batch = asNdjson(someEquity(10, from))
      await send(ada, `/api/v1/backtests/${run.id}/points?offset=${from}`, 'application/x-ndjson', batch)
    }
    const told = () => client.events('ledger').filter(({ type }) => type === 'backtest.progress')
    await expect.poll(() => told().at(-1)?.data.point_count, { timeout: 5_000 }).toBe(300)
    const seconds = (Date.now() - Date.parse(run.created_at)) / 1000
    await ada.post(`/api/v1/backtests/${run.id}/complete`, {})
    await expect.poll(() => typesOf(client).at(-1)).toBe('backtest.completed')
    expect(told().length).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
  })
})
