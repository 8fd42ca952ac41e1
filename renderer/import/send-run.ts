import { type BacktestDetail, backtestDetail, runProgress } from '../../contracts/backtests'
import type { ImportResult } from '../../importers'
import { call } from '../api'

const BACKTESTS = '/api/v1/backtests'
const POINTS_AT_ONCE = 10_000
const TRADES_AT_ONCE = 2_000

/** Makes a request in the session of the person, whose access token may change on the way. */
export type Caller = <T>(request: (token: string) => Promise<T>) => Promise<T>

export interface RunToSend {
  strategyId: string
  label: string
  dataSource: string
  /** Of one file, or of two that belong together: one has the points, the other the trades. */
  results: ImportResult[]
}

/**
 * Records what files held as a run, in batches. Where that breaks, the run is failed with the reason, so that it does not
 * look as if it still ran.
 *
 * @param onProgress told the share that is sent, 0 to 1
 */
export async function sendRun(
  caller: Caller,
  { strategyId, label, dataSource, results }: RunToSend,
  onProgress: (share: number) => void,
): Promise<BacktestDetail> {
  const points = pairsOf(results)
  const trades = results.flatMap((result) => result.trades)
  const { reported_metrics, ...facts } = Object.assign({}, ...results.map((result) => result.facts))
  const body = {
    ...facts,
    strategy_id: strategyId,
    data_source: dataSource,
    expected_points: points.length,
    ...(label === '' ? {} : { label }),
  }
  const run = await caller((token) => call(BACKTESTS, backtestDetail, { method: 'POST', token, body }))
  const path = `${BACKTESTS}/${run.id}`
  const total = points.length + trades.length
  let sent = 0
  const sendAll = async <T>(
    kind: 'points' | 'trades',
    rows: T[],
    atOnce: number,
    asSent: (row: T) => unknown = (row) => row,
  ) => {
    for (let offset = 0; offset < rows.length; offset += atOnce) {
      const batch = rows.slice(offset, offset + atOnce).map(asSent)
      const place = `${path}/${kind}?offset=${offset}`
      await caller((token) => call(place, runProgress, { method: 'POST', token, body: batch }))
      sent += batch.length
      onProgress(sent / total)
    }
  }
  try {
    await sendAll('points', points, POINTS_AT_ONCE, withDate)
    await sendAll('trades', trades, TRADES_AT_ONCE)
    const completion = { point_count: points.length, trade_count: trades.length, reported_metrics }
    return await caller((token) =>
      call(`${path}/complete`, backtestDetail, { method: 'POST', token, body: completion }),
    )
  } catch (error) {
    const reason = `The import broke off: ${error instanceof Error ? error.message : 'unknown'}`
    await caller((token) => call(`${path}/fail`, backtestDetail, { method: 'POST', token, body: { reason } })).catch(
      () => undefined,
    )
    throw error
  }
}

/** As text: the API refuses numbers of ms around 1970, which may be meant for seconds. */
const withDate = ([time, equity]: [time: number, equity: number]) => [new Date(time).toISOString(), equity]

function pairsOf(results: ImportResult[]): [time: number, equity: number][] {
  const points = results.find((result) => result.points.length > 0)?.points ?? new Float64Array()
  return Array.from({ length: points.length / 2 }, (_, index) => [
    points[2 * index] as number,
    points[2 * index + 1] as number,
  ])
}
