import type { Transaction } from 'sequelize'
import type { BatchValue } from '../../db/batches'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { decodeCurve, decodeCurves, encodeCurve } from '../../quant/codec'
import type { Curve } from '../../quant/curve'
import { preview } from '../../quant/preview'
import type { TradeBatch } from '../intake/trades'
import { decodeTrades, encodeTrades, joinTrades } from './trade-codec'

/** So many rows are a full segment; fewer while a script streams, until the run is complete. */
export const SEGMENT_POINTS = 65_536
export const SEGMENT_TRADES = 8_192
const OVERVIEW_POINTS = 1_024

export type SegmentKind = 'points' | 'trades' | 'preview'

/** A stretch of rows as it is stored. */
export interface Segment {
  count: number
  firstTime: number // ms UTC; 0 for trades
  lastTime: number
  /** About a thousand points that draw like the segment, for windows over many of them. */
  overview: Uint8Array | null
  data: Uint8Array
}

export function curveSegment(points: Curve): Segment {
  const { times } = points
  const hasOverview = times.length > 4 * OVERVIEW_POINTS
  return {
    count: times.length,
    firstTime: times[0] ?? 0,
    lastTime: times[times.length - 1] ?? 0,
    overview: hasOverview ? encodeCurve(preview(points, OVERVIEW_POINTS)) : null,
    data: encodeCurve(points),
  }
}

export function tradeSegment(trades: TradeBatch): Segment {
  return {
    count: trades.instruments.length,
    firstTime: 0,
    lastTime: 0,
    overview: null,
    data: encodeTrades(trades),
  }
}

export interface SegmentPlace {
  id: string
  kind: SegmentKind
  firstIndex: number
  uploadId: string
}

type Run = (sql: string, values: BatchValue[]) => Promise<unknown>

/** Puts segments one behind the other, in one statement: each costs a turn of the event loop. */
export async function insertSegments(run: Run, place: SegmentPlace, segments: readonly Segment[]): Promise<void> {
  if (segments.length === 0) return
  const width = 9
  const rows = segments.map(
    (_, row) => `(${Array.from({ length: width }, (_, at) => `$${row * width + at + 1}`).join(', ')})`,
  )
  let { firstIndex } = place
  const values = segments.flatMap(({ count, firstTime, lastTime, overview, data }): BatchValue[] => {
    const at = firstIndex
    firstIndex += count
    return [
      ...[place.id, place.kind, at, place.uploadId, count, firstTime, lastTime],
      ...[overview && asBuffer(overview), asBuffer(data)],
    ]
  })
  await run(
    `INSERT INTO backtest_segments
       (backtest_id, kind, first_index, upload_id, count, first_time, last_time, overview, data)
     VALUES ${rows.join(', ')}`,
    values,
  )
}

/** Clears what lies from an index on, but for one upload's own. */
export async function clearSegments(
  run: Run,
  { id, kind, index, keptUpload }: { id: string; kind: SegmentKind; index: number; keptUpload: string },
): Promise<void> {
  await run(
    'DELETE FROM backtest_segments WHERE backtest_id = $1 AND kind = $2 AND first_index >= $3 AND upload_id <> $4',
    [id, kind, index, keptUpload],
  )
}

export type Segments = ReturnType<typeof createSegments>

/**
 * The stored rows of runs. A segment counts once the run's own count reaches over it: what a broken upload left behind
 * lies after the count, and is cleared before anything else is put there.
 */
export function createSegments(database: Database) {
  const run = (sql: string, bind: BatchValue[], transaction: Transaction) =>
    database.sequelize.query(sql, { bind, transaction })

  async function readColumn(
    id: string,
    kind: SegmentKind,
    column: string,
    condition: string,
    values: Record<string, unknown>,
    transaction?: Transaction,
  ): Promise<Row[]> {
    return select(
      database,
      `SELECT first_index, count, ${column} AS bytes FROM backtest_segments
       WHERE backtest_id = :id AND kind = :kind AND ${condition} ORDER BY first_index`,
      { ...values, id, kind },
      transaction,
    )
  }

  return {
    insert: (place: SegmentPlace, parts: readonly Segment[], transaction: Transaction) =>
      insertSegments((sql, bind) => run(sql, bind, transaction), place, parts),

    clearFrom: (id: string, kind: SegmentKind, index: number, keptUpload: string, transaction: Transaction) =>
      clearSegments((sql, bind) => run(sql, bind, transaction), { id, kind, index, keptUpload }),

    async deleteUpload(id: string, uploadId: string, transaction: Transaction): Promise<void> {
      await run('DELETE FROM backtest_segments WHERE backtest_id = $1 AND upload_id = $2', [id, uploadId], transaction)
    },

    /** The segments from one index up to another, as bytes, oldest first. */
    async readBytes(
      id: string,
      kind: SegmentKind,
      range: { from: number; to: number },
      transaction?: Transaction,
    ): Promise<{ firstIndex: number; count: number; bytes: Uint8Array }[]> {
      const rows = await readColumn(
        id,
        kind,
        'data',
        'first_index < :to AND first_index + count > :from',
        range,
        transaction,
      )
      return rows.map(toBytes)
    },

    async readPoints(id: string, range: { from: number; to: number }, transaction?: Transaction): Promise<Curve> {
      const parts = await this.readBytes(id, 'points', range, transaction)
      const first = parts[0]?.firstIndex ?? 0
      const { times, values } = decodeCurves(parts.map(({ bytes }) => bytes))
      const [from, to] = [Math.max(0, range.from - first), range.to - first]
      return { times: times.subarray(from, to), values: values.subarray(from, to) }
    },

    async readTrades(id: string, range: { from: number; to: number }, transaction?: Transaction) {
      const parts = await this.readBytes(id, 'trades', range, transaction)
      return {
        firstIndex: parts[0]?.firstIndex ?? 0,
        trades: joinTrades(parts.map(({ bytes }) => decodeTrades(bytes))),
      }
    },

    /** Where the segments are that reach into a window of time, and how many points they hold. */
    async spanOf(id: string, pointCount: number, from: number, to: number) {
      const [row] = await select(
        database,
        `SELECT min(first_index) AS first, max(first_index + count) AS past FROM backtest_segments
         WHERE backtest_id = :id AND kind = 'points' AND first_index < :pointCount
           AND last_time >= :from AND first_time <= :to`,
        { id, pointCount, from, to },
      )
      return row?.first === null || row?.first === undefined
        ? undefined
        : { from: Number(row.first), to: Number(row.past) }
    },

    /** The points of a stretch, where there are many only those of the overviews. */
    async readOverview(id: string, range: { from: number; to: number }): Promise<Curve> {
      const rows = await readColumn(
        id,
        'points',
        'COALESCE(overview, data)',
        'first_index < :to AND first_index + count > :from',
        range,
      )
      return decodeCurves(rows.map((row) => toBytes(row).bytes))
    },

    async readPreview(id: string): Promise<Curve | undefined> {
      const [row] = await readColumn(id, 'preview', 'data', 'first_index = 0', {})
      return row && decodeCurve(toBytes(row).bytes)
    },
  }
}

function toBytes(row: Row) {
  // A plain array: what slices a Buffer gets no copy.
  const { buffer, byteOffset, byteLength } = row.bytes as Buffer
  return {
    firstIndex: Number(row.first_index),
    count: Number(row.count),
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
