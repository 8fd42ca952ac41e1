import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../../server/evidence'
import { readTar, tarEnd, tarEntry } from '../../../server/ledger/evidence/tar'
import { openBeside } from '../../support/beside'
import { makeStrategy, send, someEquity, someTrades, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
}

async function download(client: TestClient, strategy: string): Promise<Buffer> {
  const reply = await fetch(`${client.origin}/api/v1/strategies/${strategy}/evidence`, {
    headers: { authorization: `Bearer ${client.token}` },
  })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="Momentum.evidence.tar.gz"')
  return Buffer.from(await reply.arrayBuffer())
}

async function withEvidence(client: TestClient) {
  const strategy = await makeStrategy(client)
  const run = { strategy_id: strategy, equity: someEquity(500), trades: someTrades(80), data_fingerprint: 'data-2020' }
  const { body: backtest } = await client.post('/api/v1/backtests/record', run)
  await client.post(`/api/v1/backtests/${backtest.id}/validations`, {
    plan: { kind: 'rolling', in_sample_days: 120, out_of_sample_days: 40 },
    rule: { min_windows: 3, min_stability: 0 },
  })
  await client.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
  const { id: broken } = await startRun(client, strategy)
  await client.post(`/api/v1/backtests/${broken}/fail`, { reason: 'No data' })
  return { strategy, backtest }
}

const HEADER = 512

/** Changes a file of the archive in place; equally long, and with the header as it was. */
function tampered(archive: Buffer, path: RegExp, change: (text: string) => string): Buffer {
  const tar = gunzipSync(archive)
  for (let at = 0; at < tar.length - HEADER; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    if (path.test(name)) {
      const text = tar.toString('utf8', at + HEADER, at + HEADER + size)
      const changed = change(text)
      if (changed.length !== text.length || changed === text)
        throw new Error(`${name} has to change, and keep its length`)
      tar.write(changed, at + HEADER)
      return gzipSync(tar)
    }
    at += HEADER + Math.ceil(size / HEADER) * HEADER
  }
  throw new Error('no such file')
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('an exported archive checks out by itself, and the audit log knows its hash', async () => {
    const server = await startTestServer({ dialect })
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    const { strategy } = await withEvidence(ada)

    const report = await verifyEvidence(inPieces(await download(ada, strategy)))

    expect(report).toMatchObject({
      ok: true,
      strategy_name: 'Momentum',
      checked: { files: 12, backtests: 1, validations: 1, gate_results: 1 },
      findings: [],
    })
    const { read } = await openBeside(server)
    const [entry] = await read("SELECT details FROM audit_log WHERE action = 'evidence.exported'")
    expect(String(entry?.details)).toContain(report.manifest_sha256)
    expect((await bob.get(`/api/v1/strategies/${strategy}/evidence`)).status).toBe(404)
  })
})

test('whatever is changed in an archive shows', async () => {
  const ada = await (await startTestServer()).signUp('Ada')
  const { strategy } = await withEvidence(ada)
  const archive = await download(ada, strategy)
  const cases: [path: RegExp, change: (text: string) => string, message: RegExp][] = [
    [/equity\.csv$/, (text) => text.replace(',1', ',2'), /not those that were recorded/],
    [/trades\.csv$/, (text) => text.replace('"EURUSD"', '"EURCHF"'), /not those that were recorded/],
    [
      /backtest\.json$/,
      (text) => text.replace(/"sharpe_ratio": (\d)/g, (_, digit) => `"sharpe_ratio": ${(Number(digit) + 1) % 10}`),
      /figures do not follow/,
    ],
    [/validations\//, (text) => text.replace(/"verdict": "passed"/g, '"verdict": "failed"'), /verdict does not follow/],
    [
      /gate-results\//,
      (text) => text.replace('"verdict": "passed",\n  "checks"', '"verdict": "failed",\n  "checks"'),
      /verdict does not follow/,
    ],
    [
      /gate-results\//,
      (text) => text.replace(/"value": (\d)/, (_, digit) => `"value": ${(Number(digit) % 9) + 1}`),
      /does not follow from the evidence/,
    ],
    [/policies\//, (text) => text.replace('"threshold": 365', '"threshold": 100'), /policy is not the one/],
    [
      /manifest/,
      (text) => text.replace(/"sha256": "(.)/, (_, digit) => `"sha256": "${digit === '0' ? '1' : '0'}`),
      /was changed/,
    ],
  ]

  for (const [path, change, message] of cases) {
    const { ok, findings } = await verifyEvidence(inPieces(tampered(archive, path, change)))
    expect({ ok, messages: findings.map((finding) => finding.message) }, String(path)).toEqual({
      ok: false,
      messages: expect.arrayContaining([expect.stringMatching(message)]),
    })
  }
  for (const broken of [archive.subarray(0, archive.length - 300), Buffer.from('no archive'), Buffer.alloc(0)])
    expect((await verifyEvidence(inPieces(broken))).ok).toBe(false)
})

type Files = Map<string, string>

async function unpack(archive: Buffer): Promise<Files> {
  const files: Files = new Map()
  for await (const { path, bytes } of readTar(inPieces(gunzipSync(archive)))) files.set(path, bytes.toString())
  return files
}

/** Packs files with a manifest that fits them, as a forger would. */
function pack(files: Files): Buffer {
  const manifest = JSON.parse(files.get('manifest.json') ?? '')
  const listed = [...files].filter(([path]) => path !== 'manifest.json')
  const all: [string, string][] = [
    ...listed,
    [
      'manifest.json',
      JSON.stringify({
        ...manifest,
        files: listed.map(([path, text]) => ({
          path,
          bytes: Buffer.byteLength(text),
          sha256: createHash('sha256').update(text).digest('hex'),
        })),
      }),
    ],
  ]
  const entries = all.flatMap(([path, text]) => tarEntry({ path, bytes: Buffer.from(text) }, new Date(0)))
  return gzipSync(Buffer.concat([...entries, tarEnd()]))
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape are forged
type Forge = (document: any) => void
const RUN = /^backtests.*backtest\.json$/
const CUT = /^validations/
const GATE = /^gate-results/

const checkOf = (document: Parameters<Forge>[0], fact: string) =>
  document.checks.find((check: { fact: string }) => check.fact === fact)
const passAll: Forge = (result) => {
  for (const check of result.checks)
    if (check.verdict !== 'passed') Object.assign(check, { value: true, verdict: 'passed' })
  result.verdict = 'passed'
}

const FORGED: [what: string, path: RegExp, forge: Forge, message: RegExp][] = [
  ['a gate that passed', GATE, passAll, /value of .* does not follow/],
  [
    'a validation value',
    GATE,
    (it) => (checkOf(it, 'validation.out_of_sample_sharpe').value += 1),
    /value of validation.out/,
  ],
  [
    'a hygiene value',
    GATE,
    (it) => (checkOf(it, 'hygiene.data_fingerprint_known').value = false),
    /value of hygiene.data/,
  ],
  ['a basis', GATE, (it) => (it.evidence.backtest.basis.risk_free_rate = 0.04), /not scored as it says/],
  ['a repetition', GATE, (it) => (checkOf(it, 'hygiene.reproduced').value = true), /value of hygiene.reproduced/],
  ['a gate before', GATE, (it) => (checkOf(it, 'gate.dev_passed').value = false), /value of gate.dev_passed/],
  ['a check', GATE, (it) => (it.checks[0].verdict = 'failed'), /verdict does not follow/],
  ["a gate of another system's", GATE, (it) => (it.policy_version = null), /shows no checks/],
  ['gates it knew', GATE, (it) => (it.evidence.gate_results = []), /not those of that moment/],
  ['figures that agree', GATE, (it) => (it.evidence.backtest.reported.agreed = 2), /figures agree does not/],
  ['trials', GATE, (it) => (it.evidence.backtest.trials.count = 9), /trials are not/],
  ['a shown figure', RUN, (it) => (it.sharpe_ratio = 9), /do not follow from the rows: sharpe_ratio\./],
  ['months', RUN, (it) => (it.metrics.monthly_returns = []), /monthly returns/],
  ['differences', RUN, (it) => Object.assign(it, { differences: [], difference_count: 0 }), /differences do not/],
  ["the script's figures", RUN, (it) => (it.reported_metrics = { sharpe_ratio: 1 }), /differences do not/],
  ['a start', RUN, (it) => (it.start_date = '1990-01-01'), /inputs are not/],
  ['the capital', RUN, (it) => (it.initial_capital = 1), /inputs are not/],
  ['data', RUN, (it) => (it.data_fingerprint = 'data-2021'), /inputs are not/],
  ['a seed', RUN, (it) => (it.seed = 99), /inputs are not/],
  ['the fingerprint', RUN, (it) => (it.fingerprint = 'f'.repeat(64)), /inputs are not/],
  ['parameters', RUN, (it) => (it.parameters.window = 21), /parameters are not/],
  ['a repeated run', RUN, (it) => (it.reproducibility = 'same'), /repeats an earlier run/],
  ['trials of a run', RUN, (it) => (it.metrics.basis.trials.count = 3), /trials are not|do not follow/],
  ['a status', RUN, (it) => (it.status = 'failed'), /without a result has no figures/],
  ['a count', RUN, (it) => (it.point_count = 7), /not as many points/],
  ['a version', RUN, (it) => (it.strategy_version = 7), /version of the strategy it refers to/],
  ['a summary', CUT, (it) => (it.out_of_sample_sharpe = 9), /summary, the checks or the verdict/],
  ['stability', CUT, (it) => (it.stability = 1.5), /summary, the checks or the verdict/],
  ['no checks', CUT, (it) => (it.checks = []), /summary, the checks or the verdict/],
  ['a window', CUT, (it) => (it.windows[0].out_of_sample.total_return = 5), /not those of the curve/],
  ['a name', /^manifest/, (it) => (it.strategy_name = 'Other'), /another strategy than the manifest/],
  ['a promotion', /^promotions/, (it) => it.push({ ...PROMOTION }), /no passed gate result/],
  ['a strategy', /^strategy\.json/, (it) => (it.lies = 1), /not as Aurelius writes it/],
  ['runs left out', /^strategy\.json/, (it) => (it.backtest_count = 2), /not as many runs/],
  ['a stage', /^versions/, (it) => (it[0].stage = 'product'), /stage of version 1 does not/],
  ['no versions', /^versions/, (it) => it.splice(0), /not the versions of the strategy/],
]
const PROMOTION = {
  ...{ id: 'a', strategy_id: 'b', strategy_version: 1, to_stage: 'dev', gate_result_id: 'c', status: 'approved' },
}
const REMOVED: [path: RegExp, message: RegExp][] = [
  [/trades\.csv$/, /is missing/],
  [/equity\.csv$/, /is missing/],
  [RUN, /missing, or not as/],
  [CUT, /validation it refers to is not/],
  [/^policies/, /missing, or not as/],
  [/^promotions/, /missing, or not as/],
]

test('an archive whose numbers do not follow from its evidence shows, though its manifest fits', async () => {
  const server = await startTestServer()
  const [admin, ada] = [await server.setUp(), await server.signUp('Ada')]
  const strategy = await makeStrategy(ada)
  const facts = ['hygiene.data_fingerprint_known', 'hygiene.reproduced', 'hygiene.figures_agree', 'gate.dev_passed']
  const rules = [
    ...facts.map((fact) => ({ id: fact.replaceAll('.', '_'), fact, operator: 'is', threshold: true })),
    { id: 'validation', fact: 'validation.out_of_sample_sharpe', operator: 'at_least', threshold: 0 },
  ]
  const text = JSON.stringify({ format: 1, gate: 'crv', title: 'Strict', rules })
  expect((await admin.post('/api/v1/gates/crv/policies', { text })).status).toBe(201)
  const run = {
    ...{ strategy_id: strategy, equity: someEquity(500), trades: someTrades(80), data_fingerprint: 'data-2020' },
    reported_metrics: { sharpe_ratio: 5, max_drawdown: 0.5 },
  }
  const { body: backtest } = await ada.post('/api/v1/backtests/record', run)
  const plan = { kind: 'rolling', in_sample_days: 120, out_of_sample_days: 40 }
  await ada.post(`/api/v1/backtests/${backtest.id}/validations`, { plan })
  await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
  await ada.post(`/api/v1/strategies/${strategy}/gates/crv/evaluate`, {})
  const files = await unpack(await download(ada, strategy))
  const verify = async (forged: Files) => {
    const { ok, findings } = await verifyEvidence(inPieces(pack(forged)))
    return { ok, said: findings.map(({ message }) => message).join('\n') }
  }
  expect(await verify(files)).toEqual({ ok: true, said: '' })

  for (const [what, pattern, forge, message] of FORGED) {
    const path = [...files.keys()].find(
      (name) => pattern.test(name) && (pattern !== GATE || files.get(name)?.includes('"gate": "crv",\n  "policy')),
    ) as string
    const document = JSON.parse(files.get(path) as string)
    forge(document)
    const told = await verify(new Map([...files, [path, JSON.stringify(document)]]))
    expect(told, what).toEqual({ ok: false, said: expect.stringMatching(message) })
  }
  for (const [pattern, message] of REMOVED) {
    const told = await verify(new Map([...files].filter(([path]) => !pattern.test(path))))
    expect(told, String(pattern)).toEqual({ ok: false, said: expect.stringMatching(message) })
  }
  const added = await verify(new Map([...files, ['extra.txt', 'hi']]))
  expect(added).toEqual({ ok: false, said: expect.stringMatching(/does not belong/) })
})

test('an honest archive is not taken for a forged one, whatever its runs are like', async () => {
  const server = await startTestServer()
  const [admin, ada] = [await server.setUp(), await server.signUp('Ada')]
  const { body: desk } = await ada.post('/api/v1/workspaces', { name: 'Desk' })
  await ada.post(`/api/v1/workspaces/${desk.id}/members`, { email: admin.account.email, role: 'viewer' })
  const strategy = await makeStrategy(ada, { workspace_id: desk.id })
  const rules = [{ id: 'runs', fact: 'backtest.return_count', operator: 'at_least', threshold: 0 }]
  const text = JSON.stringify({ format: 1, gate: 'dev', title: 'Easy', rules })
  expect((await admin.post('/api/v1/gates/dev/policies', { text })).status).toBe(201)
  const quoted =
    'instrument,quantity,entry_at,exit_at,entry_price,exit_price\n"ES\nH""24",1,2020-01-01,2020-01-02,1,2\n'
  const { id } = await startRun(ada, strategy, { start_date: '2019-12-01' })
  await ada.post(`/api/v1/backtests/${id}/points?offset=0`, someEquity(5))
  expect((await send(ada, `/api/v1/backtests/${id}/trades?offset=0`, 'text/csv', quoted)).status).toBe(200)
  expect((await ada.post(`/api/v1/backtests/${id}/complete`, {})).status).toBe(200)
  const runs: object[] = [
    { equity: someEquity(60), start_date: '2019-12-01', end_date: '2020-06-01', initial_capital: 5, seed: 3 },
    { equity: someEquity(60), start_date: '2019-12-01', end_date: '2020-06-01', initial_capital: 5, seed: 3 },
    { equity: someEquity(61), start_date: '2019-12-01', end_date: '2020-06-01', initial_capital: 5, seed: 3 },
    {
      equity: someEquity(60),
      end_date: '2020-06-01',
      periods_per_year: 252,
      trials: { count: 50, sharpe_variance: 1 },
    },
    {
      equity: [
        [-1e14, 1],
        [-99_999_900_000_000, 2],
        [-99_999_800_000_000, 1.5],
      ],
    },
    {
      equity: [
        ['0000-01-01', 1],
        ['0000-01-02', 2],
        ['0000-01-03', 1.5],
      ],
    },
    {
      equity: [
        ['2024-01-02', -1],
        ['2024-01-03', 2],
        ['2024-01-04', -1e-7],
      ],
      trades: [],
    },
  ]
  for (const run of runs) {
    const { status, body } = await ada.post('/api/v1/backtests/record', { strategy_id: strategy, ...run })
    expect(status, JSON.stringify(body)).toBe(201)
  }
  const { backtests } = (await ada.get('/api/v1/backtests?sort=created_at')).body
  const early = backtests[5].id
  const plan = { kind: 'rolling', in_sample_days: 1, out_of_sample_days: 1 }
  expect((await ada.post(`/api/v1/backtests/${early}/validations`, { plan })).body).toMatchObject({
    windows: { 0: { in_sample: { start_date: '0001-01-01' } } },
  })
  await startRun(ada, strategy, { end_date: '2020-06-01' })
  await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})
  const scored = { strategy_id: strategy, equity: someEquity(60), seed: 77 }
  await ada.post('/api/v1/backtests/record', scored)
  const rescored = await ada.post('/api/v1/backtests/record', { ...scored, risk_free_rate: 0.02 })
  expect(rescored.body.reproducibility).toBe('same')
  await ada.post(`/api/v1/strategies/${strategy}/gates/product/evaluate`, {})
  const span = (year: number) => ({ start_date: `${year}-01-01`, end_date: `${year}-06-30`, sharpe_ratio: 1 })
  const windows = [{ in_sample: span(2019), out_of_sample: span(2020) }]
  expect((await ada.post(`/api/v1/strategies/${strategy}/validations`, { windows })).status).toBe(201)
  await ada.post(`/api/v1/strategies/${strategy}/gates/crv/evaluate`, {})
  await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {})

  const asked = await ada.post(`/api/v1/strategies/${strategy}/promotions`, { comment: 'It is ready' })
  expect([asked.status, asked.body.status]).toEqual([201, 'pending'])
  expect((await admin.post(`/api/v1/promotions/${asked.body.id}/approve`, { comment: 'Yes' })).status).toBe(200)
  expect((await ada.get(`/api/v1/strategies/${strategy}`)).body.stage).toBe('dev')

  const { ok, findings } = await verifyEvidence(inPieces(await download(ada, strategy)))
  expect({ ok, findings }).toEqual({ ok: true, findings: [] })
})
