import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { BacktestDetail } from '../contracts/backtests'
import { endpoints } from '../contracts/endpoints'
import type { ImportedTrade } from '../importers/index'
import type { Api } from './api'
import { ServerRefusal } from './http'
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
  const body = {
    ...recording.facts,
    strategy_id: recording.strategyId,
    ...(recording.strategyVersion === undefined ? {} : { strategy_version: recording.strategyVersion }),
    expected_points: recording.points.length / 2,
  }
  const start = (key: string) =>
    patiently(terminal, () => api.call(endpoints.startBacktest, { body, headers: { 'idempotency-key': key } }))
  let key = recording.again ? randomUUID() : keyOf(body, recording)
  let run = await start(key)
  while (run.status === 'failed') {
    key = keyAfter(key, run.id)
    run = await start(key)
  }
  if (run.status === 'completed') return { run, wasThere: true }
  try {
    return { run: await fill(api, run, recording, terminal, bar), wasThere: false }
  } catch (error) {
    if (error instanceof ServerRefusal && error.problem.status === 422) await fail(api, run.id, error)
    throw error
  }
}

async function fill(
  api: Api,
  run: BacktestDetail,
  { points, trades, reported }: Recording,
  terminal: Terminal,
  bar: ProgressBar,
): Promise<BacktestDetail> {
  const { id } = run
  const pointCount = points.length / 2
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
  return patiently(terminal, complete)
}

/** What the server does not take will not be completed either; why it was refused is what has to be told. */
async function fail(api: Api, id: string, { message }: ServerRefusal): Promise<void> {
  const body = { reason: `The push was refused: ${message}`.slice(0, 4_000) }
  await api.call(endpoints.failBacktest, { params: { id }, body }).catch(() => undefined)
}

/** The key of the attempt after a failed one: the same each time, so that this attempt is not doubled either. */
const keyAfter = (key: string, failedId: string) =>
  `push-${createHash('sha256').update(`${key} ${failedId}`).digest('hex')}`

function keyOf(body: object, { points, trades, reported }: Recording): string {
  const hash = createHash('sha256').update(JSON.stringify([body, reported ?? null]))
  hash.update(new Uint8Array(points.buffer, points.byteOffset, points.byteLength))
  for (const trade of trades) hash.update(JSON.stringify(trade))
  return `push-${hash.digest('hex')}`
}
