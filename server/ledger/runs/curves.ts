import type { CurveQuery, Trade, TradeList, TradeQuery, TradeSort } from '../../../contracts/backtests'
import type { Principal } from '../../auth/principal'
import { ValidationError } from '../../errors'
import type { Curve } from '../../quant/curve'
import { preview, zoom } from '../../quant/preview'
import type { Runs } from './runs'
import type { Scorer } from './scorer'
import { SEGMENT_POINTS, SEGMENT_TRADES, type Segments } from './segments'
import { toTrade } from './trade-page'

/** Up to so many points are read as they are; of more, the overviews are read. */
const MOST_READ = 4 * SEGMENT_POINTS
const PREVIEW_POINTS = 2_000
/** So many trades are read at a time, about 4 MB, so that other requests come in between. */
const MOST_TRADES_READ = 8 * SEGMENT_TRADES
const TRADE_BYTES = 60

export type Curves = ReturnType<typeof createCurves>

/** What was recorded of a run, for charts and tables. */
export function createCurves(runs: Runs, segments: Segments, scorer: Scorer) {
  return {
    /** A stretch of the curve in as many points as a chart needs; peaks are kept. A running run answers what it has. */
    async curve(
      principal: Principal,
      id: string,
      { from, to, points }: CurveQuery,
    ): Promise<Curve & { pointCount: number }> {
      const run = await runs.get(principal, id, 'viewer', 'id, status, point_count')
      const pointCount = Number(run.point_count)
      const isWhole = from === undefined && to === undefined
      if (isWhole && points === PREVIEW_POINTS && run.status === 'completed') {
        const stored = await segments.readPreview(id)
        if (stored) return { ...stored, pointCount }
      }
      const [start, end] = [from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER]
      if (start > end) {
        const message = 'A window ends no earlier than it starts.'
        throw new ValidationError([{ field: 'to', message, code: 'invalid' }])
      }
      const span = await segments.spanOf(id, pointCount, start, end)
      if (!span) return { times: new Float64Array(), values: new Float64Array(), pointCount }
      // A point beside the window on either side lets the line run on to the edge of the chart.
      const range = { from: Math.max(0, span.from - 1), to: Math.min(pointCount, span.to + 1) }
      const read = range.to - range.from > MOST_READ ? segments.readOverview : segments.readPoints.bind(segments)
      const found = await read(id, range)
      return { ...(isWhole ? preview(found, points) : zoom(found, start, end, points)), pointCount }
    },

    /** A page of the trades, in the order of recording or sorted by a column. */
    async trades(principal: Principal, id: string, { limit, cursor, sort }: TradeQuery): Promise<TradeList> {
      const run = await runs.get(principal, id, 'viewer', 'id, trade_count')
      const total = Number(run.trade_count)
      const from = readCursor(cursor, sort)
      const to = Math.min(total, from + limit)
      const page = sort === 'index' ? await inOrder(id, from, to) : await sorted(id, total, { sort, from, to })
      return { trades: page, total, next_cursor: to < total ? `${sort}.${to}` : null }
    },
  }

  async function inOrder(id: string, from: number, to: number): Promise<Trade[]> {
    const { firstIndex, trades } = await segments.readTrades(id, { from, to })
    return Array.from({ length: to - from }, (_, at) => toTrade(trades, from + at - firstIndex, from + at))
  }

  async function sorted(id: string, total: number, page: { sort: TradeSort; from: number; to: number }) {
    // The rows of a run only grow, and keep their order.
    const key = `${id}.${total}`
    return scorer.tradePage({ ...page, key }, total * TRADE_BYTES, async () => {
      const parts: Uint8Array[] = []
      for (let from = 0; from < total; from += MOST_TRADES_READ) {
        const range = { from, to: Math.min(total, from + MOST_TRADES_READ) }
        for (const { bytes, firstIndex } of await segments.readBytes(id, 'trades', range))
          if (firstIndex >= from) parts.push(bytes)
      }
      return parts
    })
  }
}

function readCursor(cursor: string | undefined, sort: TradeSort): number {
  if (cursor === undefined) return 0
  const [, madeFor, index] = /^(-?\w+)\.(\d{1,9})$/.exec(cursor) ?? []
  if (madeFor === sort) return Number(index)
  const message = 'The cursor is not one that this list has given: start again without it.'
  throw new ValidationError([{ field: 'cursor', message, code: 'invalid' }])
}
