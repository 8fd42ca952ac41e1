import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../../server/evidence'
import { openBeside } from '../../support/beside'
import { makeStrategy, someEquity, someTrades } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const leave = (client: TestClient) => client.post('/api/auth/delete-account', { password: client.account.password })

describe.each(DIALECTS)('on %s', (dialect) => {
  test('an account goes, and all that it recorded stays, without its name', async () => {
    const server = await startTestServer({ dialect })
    const admin = await server.setUp()
    const [ada, bob, eve] = [await server.signUp('Ada'), await server.signUp('Bob'), await server.signUp('Eve')]
    const own = await makeStrategy(ada)
    const run = { strategy_id: own, equity: someEquity(400), trades: someTrades(40) }
    const { body: backtest } = await ada.post('/api/v1/backtests/record', run)
    const { body: gate } = await ada.post(`/api/v1/strategies/${own}/gates/dev/evaluate`, {})
    const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    await ada.post('/api/v1/workspaces', { name: 'Empty' })
    const members = `/api/v1/workspaces/${desk.id}/members`
    await ada.post(members, { email: bob.account.email, role: 'viewer' })
    const shared = await makeStrategy(ada, { workspace_id: desk.id })
    const { read } = await openBeside(server)
    const before = await read('SELECT * FROM gate_results')

    // What others work in does not fall to administrators by itself, who see no more of it than anybody else.
    expect(await leave(ada)).toMatchObject({
      status: 409,
      body: { code: 'workspace_owner', detail: expect.stringContaining('Desk') },
    })
    expect((await ada.get(`/api/v1/strategies/${own}`)).status).toBe(200)
    expect((await admin.get(`/api/v1/strategies/${shared}`)).status).toBe(404)

    expect((await bob.post(members, { email: bob.account.email, role: 'owner' })).status).toBe(403)
    const handed = await ada.post(members, { email: bob.account.email, role: 'owner' })
    expect(handed.body.members).toMatchObject([
      { name: 'Bob', role: 'owner' },
      { name: 'Ada', role: 'editor' },
    ])
    expect((await ada.post(members, { email: eve.account.email, role: 'viewer' })).status).toBe(403)
    expect((await leave(ada)).status).toBe(200)

    expect((await bob.get(`/api/v1/strategies/${shared}`)).body).toMatchObject({ owner_name: 'Deleted account' })
    const { workspaces } = (await admin.get('/api/v1/workspaces')).body
    expect(workspaces.map(({ name, role }: { name: string; role: string }) => [name, role])).toEqual([
      ['Grace Administrator', 'owner'],
      ['Deleted account', 'owner'],
    ])
    expect((await admin.get(`/api/v1/strategies/${own}`)).body).toMatchObject({ owner_name: 'Deleted account' })
    expect((await admin.get(`/api/v1/backtests/${backtest.id}`)).body).toEqual({
      ...backtest,
      author_name: 'Deleted account',
    })
    expect((await admin.get(`/api/v1/gate-results/${gate.id}`)).body).toEqual({
      ...gate,
      author_name: 'Deleted account',
    })
    expect(await read('SELECT * FROM gate_results')).toEqual(before)
    for (const stranger of [bob, eve]) expect((await stranger.get(`/api/v1/strategies/${own}`)).status).toBe(404)

    // An administrator lets somebody in who goes on with it.
    const behind = workspaces[1].id
    await admin.post(`/api/v1/workspaces/${behind}/members`, { email: eve.account.email, role: 'owner' })
    expect((await admin.get(`/api/v1/strategies/${own}`)).status).toBe(404)
    const archive = await fetch(`${eve.origin}/api/v1/strategies/${own}/evidence`, {
      headers: { authorization: `Bearer ${eve.token}` },
    })
    const bytes = Buffer.from(await archive.arrayBuffer())
    expect(await verifyEvidence(Readable.from([bytes]))).toMatchObject({ ok: true, checked: { gate_results: 1 } })

    const actions = await read(
      "SELECT action FROM audit_log WHERE action LIKE 'workspace.%' AND action <> 'workspace.created' ORDER BY seq",
    )
    expect(actions.map(({ action }) => action)).toEqual([
      ...['workspace.member_added', 'workspace.member_added', 'workspace.left_behind', 'workspace.member_added'],
    ])
    expect(JSON.stringify(await read('SELECT name FROM workspaces'))).not.toContain('Ada')
  })
})
