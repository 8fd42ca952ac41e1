import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { BacktestDetail } from '../contracts/backtests'
import { endpoints } from '../contracts/endpoints'
import type { ImportedTrade } from '../importers/index'
import type { Api } from './api'
import { patiently } from './patience'
import type { ProgressBar } from './progress-bar'
import type { Terminal } from './terminal'

const POINTS_A_BATCH = 50_000
const TRADES_A_BATCH = 20_000
const BATCH_LIMIT_MS = 120_000

export interface Recording {
  strategyId: string
  strategyVersion: number | undefined
  points: Float64Array
  trades: ImportedTrade[]
  facts: Record<string, unknown>
  reported: Record<string, number> | undefined
  /** Record it even if the same was recorded already. */
  again: boolean
}

/**
 * Records a run in batches that are safe to send twice. The same content goes on where an earlier attempt stopped, since
 * the key of the request is its hash; what was recorded as a whole already is answered as it is.
 */
export async function upload(
  api: Api,
  recording: Recording,
  terminal: Terminal,
  bar: ProgressBar,
): Promise<{ run: BacktestDetail; wasThere: boolean }> {
  const { points, trades, reported } = recording
  const pointCount = points.length / 2
  const body = {
    ...recording.facts,
    strategy_id: recording.strategyId,
    ...(recording.strategyVersion === undefined ? {} : { strategy_version: recording.strategyVersion }),
    expected_points: pointCount,
  }
  const start = (key: string) =>
    patiently(terminal, () => api.call(endpoints.startBacktest, { body, headers: { 'idempotency-key': key } }))
  let run = await start(recording.again ? randomUUID() : keyOf(body, recording))
  if (run.status === 'failed') run = await start(randomUUID())
  if (run.status === 'completed') return { run, wasThere: true }
  const { id } = run
  const append = (
    endpoint: typeof endpoints.appendPoints | typeof endpoints.appendTrades,
    offset: number,
    call: object,
  ) =>
    patiently(terminal, () =>
      api.call(endpoint, { ...call, params: { id }, query: { offset }, limitMs: BATCH_LIMIT_MS }),
    )
  const total = pointCount + trades.length
  let done = run.point_count
  while (done < pointCount) {
    bar.show(done, total)
    const part = points.slice(done * 2, (done + POINTS_A_BATCH) * 2)
    const headers = { 'content-type': 'application/octet-stream' }
    const held = await append(endpoints.appendPoints, done, { bytes: new Uint8Array(part.buffer), headers })
    done = held.point_count
  }
  let told = run.trade_count
  while (told < trades.length) {
    bar.show(pointCount + told, total)
    const lines = trades.slice(told, told + TRADES_A_BATCH).map((trade) => JSON.stringify(trade))
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' }
    const held = await append(endpoints.appendTrades, told, {
      bytes: new Uint8Array(gzipSync(lines.join('\n'))),
      headers,
    })
    told = held.trade_count
  }
  bar.show(total, total)
  const completion = {
    point_count: pointCount,
    trade_count: trades.length,
    ...(reported === undefined ? {} : { reported_metrics: reported }),
  }
  const complete = () =>
    api.call(endpoints.completeBacktest, { params: { id }, body: completion, limitMs: BATCH_LIMIT_MS })
  return { run: await patiently(terminal, complete), wasThere: false }
}

function keyOf(body: object, { points, trades, reported }: Recording): string {
  const hash = createHash('sha256').update(JSON.stringify([body, reported ?? null]))
  hash.update(new Uint8Array(points.buffer, points.byteOffset, points.byteLength))
  for (const trade of trades) hash.update(JSON.stringify(trade))
  return `push-${hash.digest('hex')}`
}
