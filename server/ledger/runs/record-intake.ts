import { createHash } from 'node:crypto'
import { type FinishedBacktest, finishedBacktest, POINTS_MAX, TRADES_MAX } from '../../../contracts/backtests'
import { ValidationError } from '../../errors'
import type { StreamedBody } from '../../http/streamed-body'
import { type Curve, joinCurves } from '../../quant/curve'
import { equityRows } from '../intake/equity'
import { readDocument } from '../intake/statement'
import { type TradeBatch, tradeRows } from '../intake/trades'
import { refusedRows } from './run-intake'
import type { RecordedRows } from './runs.service'
import { curveSegment, SEGMENT_POINTS, SEGMENT_TRADES, tradeSegment } from './segments'
import { joinTrades } from './trade-codec'

export interface FinishedRun {
  input: FinishedBacktest
  rows: RecordedRows
  /** SHA-256 of the body, unpacked. */
  bodyHash: string
}

/**
 * Reads a finished run as one JSON document. Its rows are encoded segment by segment as they come, so what is held is
 * the encoded rows, at most 9 MB of points and 60 MB of trades, and never the text.
 *
 * @throws {ValidationError} with the lines of what is not right; nothing was kept
 */
export async function readFinishedRun(body: StreamedBody<'json'>): Promise<FinishedRun> {
  const equity = equityRows()
  const trades = tradeRows()
  const document = readDocument({
    equity: { sink: equity, options: { mostRows: POINTS_MAX } },
    trades: { sink: trades, options: { mostRows: TRADES_MAX } },
  })
  const rows: RecordedRows = { points: [], trades: [], hasTradeList: false }
  const points = collect<Curve>(
    SEGMENT_POINTS,
    ({ times }) => times.length,
    (parts) => rows.points.push(curveSegment(joinCurves(parts))),
  )
  const fills = collect<TradeBatch>(
    SEGMENT_TRADES,
    ({ instruments }) => instruments.length,
    (parts) => rows.trades.push(tradeSegment(joinTrades(parts))),
  )
  const hash = createHash('sha256')
  for await (const piece of body.pieces()) {
    hash.update(piece)
    document.read(piece)
    points.add(equity.flush())
    fills.add(trades.flush())
    if (document.isOver) break
  }
  document.end()
  points.add(equity.flush())
  fills.add(trades.flush())
  if (document.faults.length > 0) throw refusedRows(document.faults)
  points.end()
  fills.end()
  rows.hasTradeList = document.hasArray('trades')
  const parsed = finishedBacktest.safeParse(document.rest())
  if (!parsed.success)
    throw new ValidationError(
      parsed.error.issues.map(({ path, message, code }) => ({ field: path.join('.') || 'body', message, code })),
    )
  return { input: parsed.data, rows, bodyHash: hash.digest('hex') }
}

/** Gathers batches until there is enough for a segment. */
function collect<Batch>(enough: number, lengthOf: (batch: Batch) => number, put: (parts: Batch[]) => void) {
  let parts: Batch[] = []
  let waiting = 0
  const end = () => {
    if (waiting > 0) put(parts)
    parts = []
    waiting = 0
  }
  return {
    add(batch: Batch) {
      if (lengthOf(batch) === 0) return
      parts.push(batch)
      waiting += lengthOf(batch)
      if (waiting >= enough) end()
    },
    end,
  }
}
