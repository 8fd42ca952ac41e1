import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../../server/evidence'
import { openBeside } from '../../support/beside'
import { makeStrategy, someEquity, someTrades, startRun } from '../../support/runs'
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
      /is not the backtest's/,
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
