import { describe, expect, test } from 'vitest'
import { ledgerEndpoints } from '../../../contracts/ledger-endpoints'
import { openBeside } from '../../support/beside'
import { makeStrategy, someEquity, someTrades, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const NOWHERE = '00000000-0000-4000-8000-000000000000'
const POLICY = JSON.stringify({
  ...{ format: 1, gate: 'dev', title: 'Easy' },
  rules: [{ id: 'trades', fact: 'backtest.trade_count', operator: 'at_least', threshold: 10 }],
})
const PLAN = { kind: 'rolling', in_sample_days: 200, out_of_sample_days: 60 }
const span = (year: number) => ({ start_date: `${year}-01-01`, end_date: `${year}-12-31`, sharpe_ratio: 1 })
const WINDOWS = [{ in_sample: span(2019), out_of_sample: span(2020) }]

type Name = keyof typeof ledgerEndpoints
type Ids = Record<'workspace' | 'strategy' | 'run' | 'done' | 'validation' | 'result' | 'promotion' | 'member', string>

/** What one who may only read a workspace is answered where a stranger is told that there is nothing. */
type ForViewer = 200 | 201 | 403 | 404 | 409 | 422

/** Operations on one thing: how they are asked for, and what a viewer is answered. */
const ABOUT_ONE: Partial<
  Record<Name, [path: (ids: Ids) => string, forViewer: ForViewer, body?: (ids: Ids) => object]>
> = {
  changeWorkspace: [({ workspace }) => `/workspaces/${workspace}`, 403, () => ({ name: 'Mine' })],
  workspaceMembers: [({ workspace }) => `/workspaces/${workspace}/members`, 200],
  addWorkspaceMember: [
    ({ workspace }) => `/workspaces/${workspace}/members`,
    403,
    () => ({ email: 'grace@example.com', role: 'owner' }),
  ],
  removeWorkspaceMember: [({ workspace, member }) => `/workspaces/${workspace}/members/${member}`, 403],
  strategy: [({ strategy }) => `/strategies/${strategy}`, 200],
  changeStrategy: [({ strategy }) => `/strategies/${strategy}`, 403, () => ({ name: 'Mine' })],
  archiveStrategy: [({ strategy }) => `/strategies/${strategy}/archive`, 403],
  restoreStrategy: [({ strategy }) => `/strategies/${strategy}/restore`, 403],
  strategyVersions: [({ strategy }) => `/strategies/${strategy}/versions`, 200],
  createStrategyVersion: [({ strategy }) => `/strategies/${strategy}/versions`, 403, () => ({ parameters: { a: 1 } })],
  startBacktest: [() => '/backtests', 403, ({ strategy }) => ({ strategy_id: strategy })],
  recordBacktest: [
    () => '/backtests/record',
    403,
    ({ strategy }) => ({ strategy_id: strategy, equity: someEquity(3) }),
  ],
  compareBacktests: [({ run, done }) => `/backtests/compare?ids=${run},${done}`, 200],
  backtest: [({ run }) => `/backtests/${run}`, 200],
  backtestProgress: [({ run }) => `/backtests/${run}/progress`, 200],
  setBacktestProgress: [({ run }) => `/backtests/${run}/progress`, 403, () => ({ progress: 0.5 })],
  appendPoints: [({ run }) => `/backtests/${run}/points?offset=0`, 403, () => someEquity(3)],
  appendTrades: [({ run }) => `/backtests/${run}/trades?offset=0`, 403, () => someTrades(3)],
  completeBacktest: [({ run }) => `/backtests/${run}/complete`, 403, () => ({})],
  failBacktest: [({ run }) => `/backtests/${run}/fail`, 403, () => ({ reason: 'Mine' })],
  backtestCurve: [({ done }) => `/backtests/${done}/curve`, 200],
  backtestReturns: [({ done }) => `/backtests/${done}/returns`, 200],
  backtestTradesCsv: [({ done }) => `/backtests/${done}/trades.csv`, 200],
  backtestTrades: [({ done }) => `/backtests/${done}/trades?sort=-profit`, 200],
  validations: [({ strategy }) => `/strategies/${strategy}/validations`, 200],
  postValidation: [({ strategy }) => `/strategies/${strategy}/validations`, 403, () => ({ windows: WINDOWS })],
  cutValidation: [({ done }) => `/backtests/${done}/validations`, 403, () => ({ plan: PLAN })],
  validation: [({ validation }) => `/validations/${validation}`, 200],
  evaluateGate: [({ strategy }) => `/strategies/${strategy}/gates/dev/evaluate`, 403, () => ({})],
  gateResults: [({ strategy }) => `/strategies/${strategy}/gate-results`, 200],
  gateResult: [({ result }) => `/gate-results/${result}`, 200],
  requestPromotion: [({ strategy }) => `/strategies/${strategy}/promotions`, 403, () => ({ comment: 'Go' })],
  declinePromotion: [({ promotion }) => `/promotions/${promotion}/decline`, 200, () => ({ comment: 'No' })],
  approvePromotion: [({ promotion }) => `/promotions/${promotion}/approve`, 409, () => ({ comment: 'Yes' })],
  strategyEvidence: [({ strategy }) => `/strategies/${strategy}/evidence`, 200],
}

/** Lists and what is everybody's: nothing of others may be in them, whatever is asked for. */
const ABOUT_MANY: Partial<Record<Name, (ids: Ids) => [path: string, body?: object][]>> = {
  workspaces: () => [['/workspaces']],
  createWorkspace: () => [['/workspaces', { name: 'Mine' }]],
  strategies: ({ workspace }) => [['/strategies?status=any'], [`/strategies?workspace_id=${workspace}`]],
  strategyFacets: () => [['/strategies/facets']],
  createStrategy: ({ workspace }) => [
    ['/strategies', { name: 'Mine', strategy_type: 'other', parameters: {}, workspace_id: workspace }],
  ],
  backtests: ({ workspace, strategy }) => [
    ...(['/backtests', `/backtests?workspace_id=${workspace}`, `/backtests?strategy_id=${strategy}`] as const).map(
      (path): [string] => [path],
    ),
  ],
  gatePolicies: () => [['/gates']],
  gatePolicyHistory: () => [['/gates/dev/policies']],
  recordGatePolicy: () => [['/gates/dev/policies', { text: POLICY }]],
  dryRunGatePolicy: () => [['/gates/dev/dry-run', { text: POLICY }]],
  promotions: ({ strategy }) => [['/promotions'], [`/promotions?strategy_id=${strategy}`]],
  events: () => [['/events']],
  recentEvents: () => [['/events/recent']],
}

test('every operation of the ledger is in one of the tables', () => {
  expect(Object.keys({ ...ABOUT_ONE, ...ABOUT_MANY }).sort()).toEqual(Object.keys(ledgerEndpoints).sort())
})

describe.each(DIALECTS)('on %s', (dialect) => {
  test('what you may not see does not exist for you, and what you may only read you cannot change', async () => {
    const server = await startTestServer({ dialect })
    const stranger = await server.setUp() // an administrator: no scope is missing
    const [ada, signedUp] = [await server.signUp('Ada'), await server.signUp('Vic')]
    const { change, read } = await openBeside(server)
    await change("UPDATE users SET role = 'reviewer' WHERE email = :email", { email: signedUp.account.email })
    const viewer = await server.client.login(signedUp.account)
    await stranger.post('/api/v1/gates/dev/policies', { text: POLICY })
    const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
    const path = `/api/v1/workspaces/${desk.id}/members`
    const { body: joined } = await ada.post(path, { email: viewer.account.email, role: 'viewer' })
    const strategy = await makeStrategy(ada, { workspace_id: desk.id, name: 'Secret', tags: ['hush'] })
    const whole = { strategy_id: strategy, equity: someEquity(900), trades: someTrades(40) }
    const { body: done } = await ada.post('/api/v1/backtests/record', whole)
    const { body: validation } = await ada.post(`/api/v1/backtests/${done.id}/validations`, { plan: PLAN })
    const { body: result } = await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
    const { body: promotion } = await ada.post(`/api/v1/strategies/${strategy}/promotions`, { comment: 'Go' })
    const { id: run } = await startRun(ada, strategy)
    const ids: Ids = {
      ...{ workspace: desk.id, strategy, run, done: done.id, validation: validation.id, result: result.id },
      ...{ promotion: promotion.id, member: joined.members[0].user_id },
    }
    const unknown = Object.fromEntries(Object.keys(ids).map((name) => [name, NOWHERE])) as Ids
    const ask = (client: TestClient, name: Name, of: Ids) => {
      const [pathOf, , body] = ABOUT_ONE[name] ?? []
      const { method } = ledgerEndpoints[name]
      return client.request(method.toUpperCase(), `/api/v1${pathOf?.(of)}`, body?.(of))
    }
    const TABLES = ['workspace_members', 'strategies', 'strategy_versions', 'backtests', 'backtest_segments']
    const MORE = ['validations', 'gate_results', 'promotions']
    const all = async () =>
      Promise.all([...TABLES, ...MORE].map((table) => read(`SELECT * FROM ${table} ORDER BY 1, 2`)))
    await makeStrategy(stranger) // with a workspace of their own, where queries do not end early
    const before = await all()

    const names = Object.keys(ABOUT_ONE) as Name[]
    for (const name of names) {
      const foreign = await ask(stranger, name, ids)
      const nothing = await ask(stranger, name, unknown)
      expect([foreign.status, foreign.body], name).toEqual([404, nothing.body])
    }
    const gone = Object.values(ids).concat('Secret', 'hush', 'Desk')
    for (const [name, requests] of Object.entries(ABOUT_MANY))
      for (const [path, body] of requests(ids)) {
        const method = ledgerEndpoints[name as Name].method.toUpperCase()
        const reply = await stranger.request(method, `/api/v1${path}`, body)
        const text = JSON.stringify(reply.body)
        for (const secret of gone) expect(text, `${name} ${path}`).not.toContain(secret)
        expect(reply.status, path).toBe(
          name === 'createStrategy' ? 422 : method === 'POST' && name !== 'dryRunGatePolicy' ? 201 : 200,
        )
      }
    expect(await all()).toEqual(before)

    for (const name of names.filter((one) => !/approve|decline/.test(one)))
      expect([name, (await ask(viewer, name, ids)).status]).toEqual([name, ABOUT_ONE[name]?.[1]])
    expect(await all()).toEqual(before)
    for (const name of names.filter((one) => /approve|decline/.test(one)))
      expect([name, (await ask(viewer, name, ids)).status]).toEqual([name, ABOUT_ONE[name]?.[1]])

    // Who is taken out sees nothing from the next request on.
    await ada.request('DELETE', `${path}/${joined.members[1].user_id}`)
    for (const name of names) expect([name, (await ask(viewer, name, ids)).status]).toEqual([name, 404])
  })
})
