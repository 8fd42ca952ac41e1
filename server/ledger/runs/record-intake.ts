import { createHash } from 'node:crypto'
import { type FinishedBacktest, finishedBacktest, POINTS_MAX, TRADES_MAX } from '../../../contracts/backtests'
import { parsed } from '../../http/parse'
import type { StreamedBody } from '../../http/streamed-body'
import { equityRows } from '../intake/equity'
import type { RowSink } from '../intake/row-taker'
import { readDocument } from '../intake/statement'
import { tradeRows } from '../intake/trades'
import { refusedRows } from './run-intake'
import type { RecordedRows } from './runs.service'
import { curveSegment, SEGMENT_POINTS, SEGMENT_TRADES, tradeSegment } from './segments'

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
  const encode = (isEnd: boolean) => {
    takeSegments(equity, SEGMENT_POINTS, isEnd, (batch) => rows.points.push(curveSegment(batch)))
    takeSegments(trades, SEGMENT_TRADES, isEnd, (batch) => rows.trades.push(tradeSegment(batch)))
  }
  const hash = createHash('sha256')
  for await (const piece of body.pieces()) {
    hash.update(piece)
    document.read(piece)
    encode(false)
    if (document.isOver) break
  }
  document.end()
  if (document.faults.length > 0) throw refusedRows(document.faults)
  encode(true)
  rows.hasTradeList = document.hasArray('trades')
  const input = parsed(finishedBacktest, document.rest(), 'body')
  return { input, rows, bodyHash: hash.digest('hex') }
}

/** @param isEnd whether the rows that are left make a segment, too */
function takeSegments<Batch>(sink: RowSink<Batch>, size: number, isEnd: boolean, put: (batch: Batch) => void): void {
  while (sink.waiting >= (isEnd ? 1 : size)) put(sink.flush(size))
}
