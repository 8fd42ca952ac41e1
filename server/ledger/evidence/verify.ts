import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { createGunzip } from 'node:zlib'
import type { z } from 'zod'
import { type BacktestDetail, backtestDetail } from '../../../contracts/backtests'
import { type EvidenceReport, evidenceManifest } from '../../../contracts/evidence'
import type { Fact } from '../../../contracts/gate-policy'
import { gateResult, policyVersion } from '../../../contracts/gates'
import { validationDetail } from '../../../contracts/validations'
import { type Evidence, evaluatePolicy } from '../../quant/gate'
import { computeMetrics } from '../../quant/metrics'
import { fingerprint } from '../fingerprint'
import { toMetrics } from '../metric-figures'
import { resultHash } from '../runs/result-hash'
import { columnsOf } from '../runs/trade-codec'
import { withTrials } from '../runs/trials'
import { judgeWindows } from '../validations/judge-windows'
import { readCurveCsv, readTradesCsv } from './rows'
import { readTar } from './tar'

const NOISE = 1e-12
const SUMS = { files: 0, backtests: 0, validations: 0, gate_results: 0 }

/**
 * Checks an archive of evidence by itself: no database, no network. Every file is held against the manifest; the figures
 * of each backtest are computed again from its points and trades; validations and gates are judged again, and a gate
 * may only refer to evidence that is in the archive.
 *
 * @param archive the bytes of the file, in pieces
 */
export async function verifyEvidence(archive: AsyncIterable<Uint8Array>): Promise<EvidenceReport> {
  const report: EvidenceReport = {
    ...{ ok: false, manifest_sha256: null, strategy_name: null, exported_at: null },
    checked: { ...SUMS },
    findings: [],
  }
  const find = (path: string, message: string) => report.findings.push({ path, message })
  const files = new Map<string, { bytes: number; sha256: string; text: string }>()
  const checkers = createCheckers(files, report, find)
  try {
    const unpacked = pipeline(Readable.from(archive), createGunzip(), () => undefined)
    for await (const { path, bytes } of readTar(unpacked)) {
      if (files.has(path)) find(path, 'This file is there twice.')
      const text = Buffer.from(bytes).toString()
      files.set(path, { bytes: bytes.length, sha256: sha256(bytes), text })
      // The rows of a run come right behind it: checked at once, they need not be kept.
      if (path.endsWith('/trades.csv')) checkers.checkBacktest(path.replace(/\/trades\.csv$/, ''))
    }
  } catch (error) {
    find('', error instanceof RangeError ? error.message : 'This is no archive of evidence, or it was cut off.')
    return report
  }
  checkers.checkManifest()
  checkers.checkRest()
  report.ok = report.findings.length === 0
  return report
}

function createCheckers(
  files: Map<string, { bytes: number; sha256: string; text: string }>,
  report: EvidenceReport,
  find: (path: string, message: string) => void,
) {
  const backtests = new Map<string, BacktestDetail>()

  function read<Shape extends z.ZodType>(path: string, shape: Shape): z.output<Shape> | undefined {
    try {
      return shape.parse(JSON.parse(files.get(path)?.text ?? ''))
    } catch {
      find(path, 'This file is missing, or not as Aurelius writes it.')
      return undefined
    }
  }

  return {
    checkManifest(): void {
      const manifest = read('manifest.json', evidenceManifest)
      if (!manifest) return
      report.manifest_sha256 = files.get('manifest.json')?.sha256 ?? null
      report.strategy_name = manifest.strategy_name
      report.exported_at = manifest.exported_at
      const listed = new Map(manifest.files.map((file) => [file.path, file]))
      for (const [path, { bytes, sha256 }] of files) {
        if (path === 'manifest.json') continue
        const stated = listed.get(path)
        if (!stated) find(path, 'The manifest does not know this file.')
        else if (stated.bytes !== bytes || stated.sha256 !== sha256) find(path, 'This file was changed.')
        else report.checked.files += 1
      }
      for (const path of listed.keys()) if (!files.has(path)) find(path, 'This file is missing.')
    },

    /** Computes a run again from its rows, and lets go of them. */
    checkBacktest(folder: string): void {
      const path = `${folder}/backtest.json`
      const run = read(path, backtestDetail)
      const rows = ['equity', 'trades'].map((name) => files.get(`${folder}/${name}.csv`))
      if (!run) return
      if (run.status === 'completed' && run.result_hash !== null) {
        backtests.set(run.id, run)
        checkRun(
          path,
          run,
          rows.map((file) => file?.text ?? ''),
        )
      }
      for (const file of rows) if (file) file.text = ''
    },

    checkRest(): void {
      for (const path of files.keys()) {
        if (/^validations\/[^/]+\.json$/.test(path)) checkValidation(path)
      }
      for (const path of files.keys()) if (/^gate-results\/[^/]+\.json$/.test(path)) checkGate(path)
    },
  }

  function checkRun(path: string, run: BacktestDetail, [equity = '', sold = '']: string[]): void {
    try {
      const curve = readCurveCsv(equity)
      const rows = readTradesCsv(sold)
      const trades = run.has_trade_list ? rows : null
      if (resultHash(curve, trades) !== run.result_hash || (!trades && rows.instruments.length > 0))
        return void find(path, 'Points and trades are not those that were recorded.')
      const { periods_per_year, risk_free_rate, day_start_minutes } = run.scoring
      const scored = toMetrics(
        computeMetrics(curve, {
          trades: trades ? columnsOf(trades) : undefined,
          periodsPerYear: periods_per_year,
          riskFreeRate: risk_free_rate,
          dayStartMinutes: day_start_minutes,
        }),
      )
      const trials = run.metrics?.basis.trials
      const again = (trials ? withTrials(scored, trials) : scored).figures
      const wrong = Object.entries(again).filter(
        ([name, figure]) => !isClose(figure, run.metrics?.figures[name as keyof typeof again] ?? null),
      )
      if (wrong.length === 0) report.checked.backtests += 1
      else find(path, `These figures do not follow from the rows: ${wrong.map(([name]) => name).join(', ')}.`)
    } catch (error) {
      find(path, error instanceof RangeError ? error.message : 'The rows of this run cannot be read.')
    }
  }

  function checkValidation(path: string): void {
    const validation = read(path, validationDetail)
    if (!validation || validation.source === 'adopted') return
    const { rule, windows } = validation
    const { summary, verdict } = judgeWindows(windows, rule)
    if (verdict !== validation.verdict || !isClose(summary.degradation, validation.degradation))
      return void find(path, 'The verdict does not follow from the windows and the rule.')
    report.checked.validations += 1
  }

  function checkGate(path: string): void {
    const result = read(path, gateResult)
    if (!result || result.policy_version === null) return
    const policyPath = `policies/${result.gate}-${result.policy_version}.json`
    const policy = read(policyPath, policyVersion)
    if (!policy) return
    if (fingerprint(policy.policy) !== policy.hash || policy.hash !== result.policy_hash)
      return void find(path, 'The policy is not the one this gate was evaluated by.')
    const { backtest, validation } = result.evidence
    if (backtest && backtests.get(backtest.id)?.result_hash !== backtest.result_hash)
      return void find(path, 'The backtest it refers to is not in the archive as it was.')
    if (validation) {
      const seen = read(`validations/${validation.id}.json`, validationDetail)
      const hash = seen && fingerprint({ windows: seen.windows, rule: seen.rule, verdict: seen.verdict })
      if (hash !== validation.hash)
        return void find(path, 'The validation it refers to is not in the archive as it was.')
    }
    const facts = Object.fromEntries(result.checks.map(({ fact, value }) => [fact, value])) as Evidence<Fact>
    for (const { fact, value } of result.checks) {
      const [kind, name] = fact.split('.') as [string, string]
      if (kind !== 'backtest') continue
      const metrics = backtest && backtests.get(backtest.id)?.metrics
      const seen = metrics && backtest.trials ? withTrials(metrics, backtest.trials) : metrics
      const figure = seen?.figures[name as 'sharpe_ratio'] ?? null
      if (!isClose(value as number | null, figure))
        return void find(path, `The value of ${fact} is not the backtest's.`)
    }
    const again = evaluatePolicy<Fact>(policy.policy, facts)
    if (again.verdict !== result.verdict || !isDeepStrictEqual(again.checks, result.checks))
      return void find(path, 'The verdict does not follow from the policy and the values.')
    report.checked.gate_results += 1
  }
}

/** Figures survive JSON to the bit; another processor may differ in the last digits of a logarithm. */
function isClose(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return one === other
  return Math.abs(one - other) <= NOISE * Math.max(1, Math.abs(one))
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
