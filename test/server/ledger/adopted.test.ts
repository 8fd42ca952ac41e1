import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../../server/evidence'
import { makePythonDatabase, OLD_PASSWORD, pythonScript } from '../../support/python-database'
import { startTestServer, testConfig } from '../../support/start-test-server'

const FLAVOURS = [
  ['sqlite', {}],
  ['postgres', { instant: 'TIMESTAMP WITHOUT TIME ZONE' }],
  ['postgres', { instant: 'TIMESTAMP WITHOUT TIME ZONE', userId: 'UUID' }],
] as const
const STRATEGY = '5a0c7f0e-0000-4000-8000-000000000001'

describe.each(FLAVOURS)('a ledger of the Python system on %s (%j)', (dialect, flavour) => {
  test('is seen by administrators, keeps its rows, shows no figure of its own, and goes on from there', async () => {
    const place = await testConfig({ dialect })
    await makePythonDatabase(place.config.database, pythonScript(flavour))
    const server = await startTestServer({ dialect, ...place })
    const login = (email: string) => server.client.login({ email, password: OLD_PASSWORD, name: '' })
    const [ada, bob] = [await login('ada.lovelace@example.com'), await login('bob@example.com')]

    const { body: list } = await ada.get('/api/v1/strategies')
    expect(list).toMatchObject({
      total: 1,
      strategies: [
        { id: STRATEGY, name: 'Momentum', parameters: { window: 20 }, version: 1, owner_id: null, backtest_count: 1 },
      ],
    })
    const { body: runs } = await ada.get(`/api/v1/backtests?strategy_id=${STRATEGY}`)
    expect(runs).toMatchObject({
      total: 1,
      backtests: [{ status: 'completed', point_count: 0, sharpe_ratio: null, start_date: '2020-01-01' }],
    })
    expect((await ada.get(`/api/v1/backtests/${runs.backtests[0].id}`)).body).toMatchObject({ metrics: null })
    expect((await ada.get(`/api/v1/strategies/${STRATEGY}/validations`)).body).toMatchObject({
      validations: [{ source: 'adopted', verdict: 'inconclusive', end_date: '2025-12-31' }],
    })
    expect((await ada.get(`/api/v1/strategies/${STRATEGY}/gate-results`)).body).toMatchObject({
      gate_results: [{ gate: 'dev', policy_version: null, checks: [] }],
    })
    const { events } = (await ada.get(`/api/v1/events/recent?strategy_id=${STRATEGY}`)).body
    const types = events.map(({ type }: { type: string }) => type)
    expect(types.slice(-2)).toEqual(['backtest.completed', 'strategy.created'])
    expect(types.slice(0, -2).sort()).toEqual(['gate.evaluated', 'validation.completed'])
    expect(events.at(-1)).toMatchObject({ at: '2026-01-31T09:00:00.000Z', actor_id: null, actor_name: null })
    expect((await bob.get('/api/v1/strategies')).body.total).toBe(0)
    expect((await bob.get(`/api/v1/strategies/${STRATEGY}`)).status).toBe(404)

    const { workspaces } = (await ada.get('/api/v1/workspaces')).body
    const adopted = workspaces.find(({ kind }: { kind: string }) => kind === 'adopted')
    expect(adopted).toMatchObject({ role: 'owner' })
    const member = { email: 'bob@example.com', role: 'editor' }
    expect((await ada.post(`/api/v1/workspaces/${adopted.id}/members`, member)).status).toBe(200)
    const gate = await bob.post(`/api/v1/strategies/${STRATEGY}/gates/dev/evaluate`, {})
    const archive = await fetch(`${ada.origin}/api/v1/strategies/${STRATEGY}/evidence`, {
      headers: { authorization: `Bearer ${ada.token}` },
    })
    const bytes = Buffer.from(await archive.arrayBuffer())
    expect(await verifyEvidence(Readable.from([bytes]))).toMatchObject({ ok: true, findings: [] })
    expect(gate).toMatchObject({ status: 201, body: { verdict: 'inconclusive', evidence: { backtest: null } } })
  })
})
