import { describe, expect, test } from 'vitest'
import { makeKey } from '../../support/api-keys'
import { openBeside } from '../../support/beside'
import { makeStrategy, someEquity, someTrades } from '../../support/runs'
import { DIALECTS, startTestServer, type TestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

/** A person with another role, in a workspace with the one who shares it. */
async function withReviewer(server: TestServer, owner: TestClient) {
  const rob = await server.signUp('Rob Reviewer')
  const { change } = await openBeside(server)
  await change("UPDATE users SET role = 'reviewer' WHERE email = :email", { email: rob.account.email })
  const { body: desk } = await owner.post('/api/v1/workspaces', { name: 'Desk' })
  await owner.post(`/api/v1/workspaces/${desk.id}/members`, { email: rob.account.email, role: 'viewer' })
  return { reviewer: await server.client.login(rob.account), workspace: desk.id as string }
}

const easy = (gate: string, rules: object[]) => JSON.stringify({ format: 1, gate, title: 'Easy', rules })
const TRADES = { id: 'trades', fact: 'backtest.trade_count', operator: 'at_least', threshold: 10 }

async function record(client: TestClient, strategy: string, changes: object = {}) {
  const run = { strategy_id: strategy, equity: someEquity(900), trades: someTrades(60), ...changes }
  const { status, body } = await client.post('/api/v1/backtests/record', run)
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a recorded curve is cut into windows and judged by the stated rule', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const run = await record(ada, strategy)
    const plan = { kind: 'rolling', in_sample_days: 200, out_of_sample_days: 60, embargo_days: 5 }

    const cut = await ada.post(`/api/v1/backtests/${run.id}/validations`, {
      plan,
      rule: { min_windows: 5, min_stability: 0.1 },
    })
    const strict = await ada.post(`/api/v1/backtests/${run.id}/validations`, {
      plan: { ...plan, kind: 'anchored' },
      rule: { min_windows: 5, min_out_of_sample_sharpe: 50 },
    })

    expect(cut.status).toBe(201)
    expect(cut.body).toMatchObject({
      source: 'cut',
      backtest_id: run.id,
      verdict: 'passed',
      window_count: 11,
      start_date: '2020-01-01',
      checks: [{ id: 'windows', value: 11, verdict: 'passed' }, { id: 'stability' }],
    })
    expect(cut.body.windows[1]).toMatchObject({
      in_sample: { start_date: '2020-03-01', end_date: '2020-09-16' },
      out_of_sample: { start_date: '2020-09-22', end_date: '2020-11-20' },
    })
    expect(strict.body).toMatchObject({
      verdict: 'failed',
      windows: { 1: { in_sample: { start_date: '2020-01-01' } } },
    })
    expect((await ada.get(`/api/v1/validations/${cut.body.id}`)).body).toEqual(cut.body)
    const list = await ada.get(`/api/v1/strategies/${strategy}/validations?limit=1`)
    expect(list.body).toMatchObject({ total: 2, validations: [{ id: strict.body.id }] })
    const short = { plan: { ...plan, in_sample_days: 5_000 } }
    expect((await ada.post(`/api/v1/backtests/${run.id}/validations`, short)).status).toBe(422)
    const silly = { plan: { ...plan, in_sample_days: 1, out_of_sample_days: 1, embargo_days: 0 } }
    expect((await ada.post(`/api/v1/backtests/${run.id}/validations`, silly)).status).toBe(422)
  })

  test("a script's own windows are recorded, and what is undefined never passes", async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const other = await record(ada, await makeStrategy(ada))
    const window = (year: number, inside: number | null, outside: number | null) => ({
      in_sample: { start_date: `${year}-01-01`, end_date: `${year}-12-31`, sharpe_ratio: inside },
      out_of_sample: { start_date: `${year + 1}-01-01`, end_date: `${year + 1}-06-30`, sharpe_ratio: outside },
    })
    const path = `/api/v1/strategies/${strategy}/validations`
    const rule = { min_windows: 2, max_degradation: 0.6 }

    const good = await ada.post(path, { rule, windows: [window(2019, 2, 1), window(2020, 1, 1)] })
    const unknown = await ada.post(path, { rule, windows: [window(2019, 2, null), window(2020, 1, 1)] })
    const foreign = await ada.post(path, { rule, windows: [window(2019, 1, 1)], backtest_id: other.id })
    const reversed = { ...window(2019, 1, 1), out_of_sample: window(2017, 1, 1).out_of_sample }

    expect(good.body).toMatchObject({
      source: 'posted',
      verdict: 'passed',
      in_sample_sharpe: 1.5,
      out_of_sample_sharpe: 1,
      stability: 1,
      windows: [{ degradation: 0.5 }, { degradation: 0 }],
    })
    expect(unknown.body).toMatchObject({ verdict: 'inconclusive', out_of_sample_sharpe: null })
    expect(foreign).toMatchObject({ status: 422, body: { errors: [{ field: 'backtest_id' }] } })
    expect((await ada.post(path, { rule, windows: [reversed] })).status).toBe(422)
  })

  test('a validation passes nothing that was not asked for, and no window without figures', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const window = (year: number, outside: number | null) => ({
      in_sample: { start_date: `${year}-01-01`, end_date: `${year}-12-31`, sharpe_ratio: 1 },
      out_of_sample: { start_date: `${year + 1}-01-01`, end_date: `${year + 1}-06-30`, sharpe_ratio: outside },
    })
    const rules = ['window_count', 'out_of_sample_sharpe', 'stability'].map((name) => {
      return { id: name, fact: `validation.${name}`, operator: 'at_least', threshold: -9 }
    })
    const passed = { id: 'passed', fact: 'validation.passed', operator: 'is', threshold: true }
    const text = easy('crv', [...rules, passed])
    const [four, flat] = [
      [1, 2, 1, 1],
      [null, 2, 1, 1],
    ].map((sharpes) => sharpes.map((one, at) => window(2010 + at, one)))
    const known = ['passed', 'passed', 'passed']
    const unknown = Array(4).fill('inconclusive')
    for (const [body, verdict, checks] of [
      [{ windows: four }, 'inconclusive', [...known, 'inconclusive']],
      [
        { windows: four?.map((one) => ({ ...one, out_of_sample: { ...one.out_of_sample, sharpe_ratio: -3 } })) },
        'inconclusive',
        [...known, 'inconclusive'],
      ],
      [{ windows: four, rule: { min_windows: 2 } }, 'inconclusive', [...known, 'inconclusive']],
      [{ windows: four, rule: { min_stability: 0.5 } }, 'passed', [...known, 'passed']],
      [{ windows: flat }, 'inconclusive', unknown],
      [{ windows: flat, rule: { min_stability: 0.5 } }, 'inconclusive', unknown],
    ] as const) {
      const posted = await ada.post(`/api/v1/strategies/${strategy}/validations`, body)
      expect(posted.body).toMatchObject({ verdict, window_count: 4 })
      const { body: dry } = await ada.post('/api/v1/gates/crv/dry-run', { text })
      expect(dry.outcomes[0].checks.map((check: { verdict: string }) => check.verdict)).toEqual(checks)
    }

    const hole = [...someEquity(200), ...someEquity(200, 700)]
    const run = await record(ada, strategy, { equity: hole })
    const cut = await ada.post(`/api/v1/backtests/${run.id}/validations`, {
      plan: { kind: 'rolling', in_sample_days: 90, out_of_sample_days: 60 },
      rule: { min_windows: 3, min_stability: 0 },
    })
    expect(cut.body).toMatchObject({ verdict: 'inconclusive', out_of_sample_sharpe: null, stability: null })
    const nothing = { sharpe_ratio: null, total_return: null, max_drawdown: null }
    expect(cut.body.windows[5]).toMatchObject({ in_sample: nothing, out_of_sample: nothing, degradation: null })
    expect(cut.body.checks.map((check: { verdict: string }) => check.verdict)).toEqual(['inconclusive', 'inconclusive'])
  })

  test('a gate freezes policy, evidence and checks; missing evidence is never a pass', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const strategy = await makeStrategy(ada)
    const evaluate = (body: object = {}) => ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, body)

    const nothing = await evaluate()
    expect(nothing).toMatchObject({
      status: 201,
      body: { verdict: 'inconclusive', policy_version: 1, evidence: { backtest: null, validation: null } },
    })
    expect(nothing.body.checks.every(({ verdict }: { verdict: string }) => verdict === 'inconclusive')).toBe(true)

    const run = await record(ada, strategy, { data_fingerprint: 'data-of-2020' })
    const { body: result } = await evaluate()
    expect(result.evidence).toEqual({
      backtest: {
        ...{ id: run.id, fingerprint: run.fingerprint, result_hash: run.result_hash },
        trials: { count: 1, sharpe_variance: null, source: 'runs' },
        basis: { periods_per_year: 365, is_inferred: true, risk_free_rate: 0, day_start_minutes: 0 },
        reported: null,
      },
      validation: null,
      gate_results: [{ id: nothing.body.id, gate: 'dev', verdict: 'inconclusive' }],
    })
    expect(result.checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'trades', value: 60, threshold: 30, verdict: 'passed' }),
        expect.objectContaining({ id: 'data', value: true, verdict: 'passed' }),
        expect.objectContaining({ id: 'history', value: 899, verdict: 'passed' }),
      ]),
    )
    expect((await ada.get(`/api/v1/gate-results/${result.id}`)).body).toEqual(result)
    const list = await ada.get(`/api/v1/strategies/${strategy}/gate-results?gate=dev`)
    expect(list.body).toMatchObject({ total: 2, gate_results: [{ id: result.id }, { id: nothing.body.id }] })

    await ada.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 99 } })
    expect((await evaluate()).body).toMatchObject({ strategy_version: 2, evidence: { backtest: null } })
  })

  test("a script's figures agree only where it sent those that gates judge, and all of them are ours", async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const { total_return, sharpe_ratio, max_drawdown } = await record(ada, strategy)
    const text = easy('product', [{ id: 'figures', fact: 'hygiene.figures_agree', operator: 'is', threshold: true }])
    for (const [reported_metrics, value, reported] of [
      [undefined, null, null],
      [{}, null, null],
      [{ return_count: 899 }, null, { sent: 1, agreed: 1 }],
      [{ return_count: 3 }, false, { sent: 1, agreed: 0 }],
      [{ total_return, sharpe_ratio }, null, { sent: 2, agreed: 2 }],
      [{ max_drawdown }, null, { sent: 1, agreed: 1 }],
      [{ max_drawdown, total_return }, true, { sent: 2, agreed: 2 }],
      [{ max_drawdown, sharpe_ratio, trade_count: 60 }, true, { sent: 3, agreed: 3 }],
      [{ max_drawdown, sharpe_ratio: 9 }, false, { sent: 2, agreed: 1 }],
    ] as const) {
      await record(ada, strategy, { reported_metrics })
      const { body: dry } = await ada.post('/api/v1/gates/product/dry-run', { text })
      const { body: kept } = await ada.post(`/api/v1/strategies/${strategy}/gates/product/evaluate`, {})
      const says = JSON.stringify(reported_metrics)
      const verdict = value === null ? 'inconclusive' : value ? 'passed' : 'failed'
      expect(dry.outcomes[0], says).toMatchObject({ verdict, checks: [{ value }] })
      expect(kept.checks.at(-1), says).toMatchObject({ id: 'figures', value, verdict })
      expect(kept.evidence.backtest.reported, says).toEqual(reported)
    }
  })

  test('how a run is scored is bounded, frozen in the result, and part of what a repetition repeats', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const run = { strategy_id: strategy, equity: someEquity(400) }
    for (const [changes, field, message] of [
      [{ risk_free_rate: -0.99 }, 'risk_free_rate', /at least -0.05/],
      [{ risk_free_rate: 0.51 }, 'risk_free_rate', /at most 0.5/],
      [{ periods_per_year: 731 }, 'body', /365 a year, and periods_per_year says 731.*at most 730/],
      [{ periods_per_year: 1e6 }, 'body', /at most 730/],
    ] as const)
      expect(await ada.post('/api/v1/backtests/record', { ...run, ...changes }), field).toMatchObject({
        status: 422,
        body: { errors: [{ field, message: expect.stringMatching(message) }] },
      })
    expect((await ada.get(`/api/v1/backtests?strategy_id=${strategy}`)).body.total).toBe(0)

    const reproduced = async (changes: object) => {
      await record(ada, strategy, changes)
      const { body } = await ada.post(`/api/v1/strategies/${strategy}/gates/product/evaluate`, {})
      const { value } = body.checks.find(({ id }: { id: string }) => id === 'reproduced')
      return { value, basis: body.evidence.backtest.basis }
    }
    const chosen = { is_inferred: false, risk_free_rate: -0.05, periods_per_year: 252, day_start_minutes: 0 }
    const { is_inferred, ...asked } = chosen
    expect((await reproduced({})).value).toBe(null)
    expect(await reproduced(asked)).toEqual({ value: null, basis: chosen })
    expect((await reproduced({ risk_free_rate: 0 })).value).toBe(true)
    expect(await reproduced(asked)).toEqual({ value: true, basis: chosen })
    expect((await reproduced({ ...asked, equity: someEquity(901) })).value).toBe(false)
  })

  test("another strategy's evidence, or another version's, is refused", async () => {
    const server = await startTestServer({ dialect })
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    const strategy = await makeStrategy(ada)
    const old = await record(ada, strategy)
    await ada.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 99 } })
    const other = await record(ada, await makeStrategy(ada))
    const foreign = await record(bob, await makeStrategy(bob))

    for (const backtest_id of [old.id, other.id, foreign.id, 'nothing'])
      expect(await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, { backtest_id })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'backtest_id', code: 'not_own_evidence' }] },
      })

    expect((await ada.get(`/api/v1/strategies/${strategy}/gate-results`)).body.total).toBe(0)
    const named = { backtest_id: old.id, strategy_version: 1 }
    expect((await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, named)).status).toBe(201)
  })

  test('a gate result, a policy version and a decision are for ever', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const strategy = await makeStrategy(ada)
    await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
    const { change, read } = await openBeside(server)
    const before = await read('SELECT * FROM gate_results')

    for (const statement of [
      "UPDATE gate_results SET verdict = 'passed'",
      'DELETE FROM gate_results',
      'DELETE FROM strategies',
      "UPDATE gate_policies SET document = '{}'",
      'DELETE FROM gate_policies',
      ...(dialect === 'sqlite' ? ['INSERT OR REPLACE INTO gate_results SELECT * FROM gate_results'] : []),
    ])
      await expect(change(statement), statement).rejects.toThrow()

    expect(await read('SELECT * FROM gate_results')).toEqual(before)
  })

  test('policies have versions; a reviewer writes them, an analyst tries them out', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const { reviewer, workspace } = await withReviewer(server, ada)
    const strategy = await makeStrategy(ada, { workspace_id: workspace })
    await record(ada, strategy)
    const policies = '/api/v1/gates/dev/policies'
    const text = easy('dev', [TRADES])

    expect((await ada.get('/api/v1/gates')).body).toMatchObject({
      policies: [{ gate: 'dev', version: 1, author_id: null }, { gate: 'crv' }, { gate: 'product' }],
    })
    expect(await ada.post(policies, { text })).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    const dry = await ada.post('/api/v1/gates/dev/dry-run', { text })
    expect(dry.body).toMatchObject({
      outcomes: [{ strategy_id: strategy, verdict: 'passed', current_verdict: null, checks: [{ value: 60 }] }],
    })
    const recorded = await reviewer.post(policies, { text, note: 'Trades alone' })
    expect(recorded).toMatchObject({
      status: 201,
      body: { version: 2, note: 'Trades alone', policy: { title: 'Easy' } },
    })
    expect((await reviewer.post(policies, { text: recorded.body.text })).body.version).toBe(2)
    expect((await ada.get(policies)).body).toMatchObject({ total: 2, policies: [{ version: 2 }, { version: 1 }] })
    const written = ['format: 1', 'gate: dev', 'title: Few trades', 'rules:', '  - id: trades']
    const rule = ['    fact: backtest.trade_count', '    operator: at_least', '    threshold: many', '    note: x']
    for (const [wrong, field, line] of [
      ['format: 1\nformat: 1', 'text', 2],
      [easy('crv', [TRADES]), 'text.gate'],
      [easy('dev', [{ ...TRADES, fact: 'backtest.luck' }]), 'text.rules.0.fact'],
      [easy('dev', [TRADES, TRADES]), 'text.rules'],
      [[...written, ...rule].join('\n'), 'text.rules.0.threshold', 8],
      [[...written, ...rule].join('\n'), 'text.rules.0', 9],
      [written.join('\n'), 'text.rules.0.fact', 5],
      ['a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'text'],
    ])
      expect((await reviewer.post(policies, { text: wrong })).body, String(wrong)).toMatchObject({
        status: 422,
        errors: expect.arrayContaining([
          expect.objectContaining({ field: expect.stringContaining(String(field)), ...(line ? { line } : {}) }),
        ]),
      })
    expect((await ada.get('/api/v1/gates/none/policies')).status).toBe(404)
  })

  test('promotion: the gate passed, a reviewer who is no author, with a comment, one stage at a time', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const { reviewer, workspace } = await withReviewer(server, ada)
    const stranger = await server.signUp('Eve')
    await reviewer.post('/api/v1/gates/dev/policies', { text: easy('dev', [TRADES]) })
    const strategy = await makeStrategy(ada, { workspace_id: workspace })
    const promotions = `/api/v1/strategies/${strategy}/promotions`
    const ask = () => ada.post(promotions, { comment: 'It is ready.' })
    const evaluate = () => ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})

    expect(await ask()).toMatchObject({ status: 409, body: { code: 'not_promotable' } })
    await evaluate()
    expect((await ask()).status).toBe(409) // inconclusive
    await record(ada, strategy)
    expect((await evaluate()).body.verdict).toBe('passed')
    expect((await ada.post(promotions, { comment: ' ' })).status).toBe(422)
    const { body: asked } = await ask()
    expect(asked).toMatchObject({ from_stage: 'research', to_stage: 'dev', status: 'pending', can_decide: false })
    expect((await ask()).status).toBe(409) // one waits already

    const approve = (client: TestClient, comment = 'Read it all.') =>
      client.post(`/api/v1/promotions/${asked.id}/approve`, { comment })
    expect((await approve(ada)).status).toBe(403)
    expect((await approve(stranger)).status).toBe(403)
    const waiting = await reviewer.get('/api/v1/promotions?status=pending')
    expect(waiting.body).toMatchObject({ total: 1, promotions: [{ id: asked.id, can_decide: true }] })
    for (const unsaid of ['', '\u200b', '\u2800\u00ad \u2060', '\ufeff\n\u3164'])
      expect((await approve(reviewer, unsaid)).status, JSON.stringify(unsaid)).toBe(422)
    expect(await approve(reviewer)).toMatchObject({
      status: 200,
      body: { status: 'approved', decided_by_name: 'Rob Reviewer', decision_comment: 'Read it all.' },
    })
    expect((await approve(reviewer)).status).toBe(409)
    expect((await ada.get(`/api/v1/strategies/${strategy}`)).body.stage).toBe('dev')
    expect((await stranger.get('/api/v1/promotions')).body.total).toBe(0)

    expect((await ask()).body).toMatchObject({ code: 'not_promotable' }) // crv was not evaluated
    await ada.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 1 } })
    expect((await ada.get(`/api/v1/strategies/${strategy}`)).body).toMatchObject({ version: 2, stage: 'research' })
    const { versions } = (await ada.get(`/api/v1/strategies/${strategy}/versions`)).body
    expect(versions).toMatchObject([
      { version: 2, stage: 'research' },
      { version: 1, stage: 'dev' },
    ])
    const { read } = await openBeside(server)
    const actions = await read(
      "SELECT action FROM audit_log WHERE action LIKE 'promotion.%' OR action LIKE 'gate%' ORDER BY seq",
    )
    expect(actions.map(({ action }) => action)).toEqual([
      'gate_policy.recorded',
      'gate.evaluated',
      'gate.evaluated',
      'promotion.requested',
      'promotion.approved',
    ])
  })

  test('a reviewer cannot decide about their own work, nor about a gate that was evaluated again', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const { reviewer, workspace } = await withReviewer(server, ada)
    const { body: members } = await ada.get(`/api/v1/workspaces/${workspace}/members`)
    await ada.post(`/api/v1/workspaces/${workspace}/members`, { email: members.members[1].email, role: 'editor' })
    await reviewer.post('/api/v1/gates/dev/policies', { text: easy('dev', [TRADES]) })
    const prepare = async (owner: TestClient) => {
      const strategy = await makeStrategy(owner, { workspace_id: workspace })
      await record(owner, strategy)
      await owner.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
      const { body } = await owner.post(`/api/v1/strategies/${strategy}/promotions`, { comment: 'Go' })
      return { strategy, promotion: body.id as string }
    }
    const own = await prepare(reviewer)
    const adas = await prepare(ada)
    const approve = (id: string) => reviewer.post(`/api/v1/promotions/${id}/approve`, { comment: 'Yes' })

    expect((await approve(own.promotion)).body).toMatchObject({
      code: 'not_promotable',
      detail: expect.stringMatching(/author/),
    })
    await ada.post(`/api/v1/strategies/${adas.strategy}/gates/dev/evaluate`, {})
    expect((await approve(adas.promotion)).body).toMatchObject({ code: 'not_promotable' })
    const declined = await reviewer.post(`/api/v1/promotions/${adas.promotion}/decline`, { comment: 'Too few trades' })
    expect(declined.body).toMatchObject({ status: 'declined' })
    expect((await ada.get(`/api/v1/strategies/${adas.strategy}`)).body.stage).toBe('research')
  })

  test('no author decides about their own work: not as administrator, by a key, by another asking, or elsewhere', async () => {
    const server = await startTestServer({ dialect })
    const admin = await server.setUp()
    const ada = await server.signUp('Ada')
    await admin.post('/api/v1/gates/dev/policies', { text: easy('dev', [TRADES]) })
    const { body: desk } = await admin.post('/api/v1/workspaces', { name: 'Desk' })
    const { body: other } = await admin.post('/api/v1/workspaces', { name: 'Other' })
    for (const { id } of [desk, other])
      await admin.post(`/api/v1/workspaces/${id}/members`, { email: ada.account.email, role: 'editor' })
    const scopes = ['ledger:read', 'ledger:write', 'gates:evaluate', 'gates:approve'] as const
    const { client: key } = await makeKey(admin, { scopes: [...scopes] })
    const { client: weak } = await makeKey(admin, { name: 'weak', scopes: ['ledger:read', 'ledger:write'] })
    /** A strategy whose newest version passed, and whose promotion somebody asked for. */
    const ask = async (owner: TestClient, author: TestClient, asker: TestClient) => {
      const strategy = await makeStrategy(owner, { workspace_id: desk.id })
      if (author !== owner) await author.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 9 } })
      await record(asker, strategy)
      await asker.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
      const { status, body } = await asker.post(`/api/v1/strategies/${strategy}/promotions`, { comment: 'Go' })
      expect(status).toBe(201)
      return { strategy, approve: `/api/v1/promotions/${body.id}/approve` }
    }
    const moved = await ask(admin, admin, ada)
    await admin.request('PATCH', `/api/v1/strategies/${moved.strategy}`, { workspace_id: other.id })
    const cases = {
      'owns it and asked': await ask(admin, admin, admin),
      'owns it, another asked': await ask(admin, admin, ada),
      'owns it, another made the version': await ask(admin, ada, ada),
      'recorded it by a key': await ask(key, key, key),
      'made the version': await ask(ada, admin, ada),
      'asked for another': await ask(ada, ada, admin),
      'moved it elsewhere': moved,
    }

    for (const [who, { approve, strategy }] of Object.entries(cases)) {
      for (const client of [admin, key])
        expect(await client.post(approve, { comment: 'Fine' }), who).toMatchObject({
          status: 409,
          body: { code: 'not_promotable', detail: expect.stringMatching(/^An author/) },
        })
      expect((await weak.post(approve, { comment: 'Fine' })).status, who).toBe(403)
      expect((await ada.post(approve, { comment: 'Fine' })).status, who).toBe(403)
      expect((await ada.get(`/api/v1/strategies/${strategy}`)).body.stage, who).toBe('research')
    }
    const fair = await ask(ada, ada, ada)
    expect((await key.post(fair.approve, { comment: 'Fine' })).body).toMatchObject({ status: 'approved' })
  })

  test('who recorded what the gate judged or evaluated it is no reviewer of it; a newer policy or an archive stops it', async () => {
    const server = await startTestServer({ dialect })
    const admin = await server.setUp()
    const ada = await server.signUp('Ada')
    const policy = (least: number) =>
      admin.post('/api/v1/gates/dev/policies', { text: easy('dev', [{ ...TRADES, threshold: least }]) })
    await policy(10)
    const { body: desk } = await admin.post('/api/v1/workspaces', { name: 'Desk' })
    await admin.post(`/api/v1/workspaces/${desk.id}/members`, { email: ada.account.email, role: 'editor' })
    const ask = async (recorder: TestClient, evaluator: TestClient) => {
      const strategy = await makeStrategy(ada, { workspace_id: desk.id })
      await record(recorder, strategy)
      const evaluate = () => evaluator.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
      await evaluate()
      const request = () => ada.post(`/api/v1/strategies/${strategy}/promotions`, { comment: 'Go' })
      const { id, can_decide } = (await request()).body
      expect(can_decide).toBe(false)
      const decide = (what: string) => admin.post(`/api/v1/promotions/${id}/${what}`, { comment: 'Fine' })
      const seen = (await admin.get(`/api/v1/promotions?strategy_id=${strategy}`)).body.promotions[0]
      return { strategy, evaluate, request, decide, mayDecide: seen.can_decide }
    }

    for (const [recorder, evaluator] of [
      [admin, ada],
      [ada, admin],
    ] as const) {
      const { decide, mayDecide } = await ask(recorder, evaluator)
      expect(mayDecide).toBe(false)
      for (const what of ['approve', 'decline'])
        expect(await decide(what)).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/^An author/) } })
    }

    const fair = await ask(ada, ada)
    expect(fair.mayDecide).toBe(true)
    await ada.post(`/api/v1/strategies/${fair.strategy}/archive`)
    for (const reply of [await fair.evaluate(), await fair.request(), await fair.decide('approve')])
      expect(reply).toMatchObject({ status: 409, body: { code: 'strategy_archived' } })
    expect((await ada.get(`/api/v1/strategies/${fair.strategy}/gate-results`)).body.total).toBe(1)
    await ada.post(`/api/v1/strategies/${fair.strategy}/restore`)

    await policy(20)
    expect(await fair.decide('approve')).toMatchObject({
      status: 409,
      body: { code: 'not_promotable', detail: expect.stringMatching(/newer policy.*evaluate it again/) },
    })
    expect((await ada.get(`/api/v1/strategies/${fair.strategy}`)).body.stage).toBe('research')
    expect((await fair.decide('decline')).body).toMatchObject({ status: 'declined' })
    await fair.evaluate()
    const { body: anew } = await fair.request()
    expect((await admin.post(`/api/v1/promotions/${anew.id}/approve`, { comment: 'Fine' })).body).toMatchObject({
      status: 'approved',
    })
  })
})
