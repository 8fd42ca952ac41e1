import { randomUUID } from 'node:crypto'
import { POINTS_MAX, type RunProgress, TRADES_MAX } from '../../../contracts/backtests'
import type { Principal } from '../../auth/principal'
import { type RunStatement, statementsOf } from '../../db/batches'
import type { Database } from '../../db/database'
import type { Row } from '../../db/select'
import { OffsetConflictError, RunFinishedError, ValidationError } from '../../errors'
import type { BodyFormat, StreamedBody } from '../../http/streamed-body'
import type { Curve } from '../../quant/curve'
import { readBinaryPoints } from '../intake/binary-points'
import { equityRows } from '../intake/equity'
import type { RowFault } from '../intake/faults'
import { readStatement, type StatementReader } from '../intake/statement'
import { type TradeBatch, tradeRows } from '../intake/trades'
import { toProgress } from './run-rows'
import type { RunTelling } from './run-telling'
import type { Runs } from './runs'
import {
  clearSegments,
  curveSegment,
  insertSegments,
  SEGMENT_POINTS,
  SEGMENT_TRADES,
  type Segment,
  type Segments,
  tradeSegment,
} from './segments'
import { sliceTrades } from './trade-codec'

/** So many segments, about 2 MB, share a transaction. */
const SEGMENTS_AT_ONCE = 4

export interface IntakeDependencies {
  database: Database
  runs: Runs
  segments: Segments
  telling: RunTelling
  now: () => number
}

/** What differs between points and trades on their way in. */
interface Kind<Batch> {
  name: 'points' | 'trades'
  column: 'point_count' | 'trade_count'
  /** What is known of a run once a batch of it has come, if only an empty one. */
  known: string
  most: number
  segmentRows: number
  reader(format: BodyFormat, options: { after: number | undefined; mostRows: number }): StatementReader<Batch>
  slice(batch: Batch, from: number, to?: number): Batch
  lengthOf(batch: Batch): number
  segment(batch: Batch): Segment
  lastTime(batch: Batch): number | null
}

const POINTS: Kind<Curve> = {
  name: 'points',
  column: 'point_count',
  known: '',
  most: POINTS_MAX,
  segmentRows: SEGMENT_POINTS,
  reader(format, { after = Number.NEGATIVE_INFINITY, mostRows }) {
    if (format === 'binary') return readBinaryPoints({ after, mostRows })
    return readStatement(format, equityRows({ after }), { mostRows })
  },
  slice: ({ times, values }, from, to) => ({ times: times.subarray(from, to), values: values.subarray(from, to) }),
  lengthOf: ({ times }) => times.length,
  segment: curveSegment,
  lastTime: ({ times }) => times[times.length - 1] ?? null,
}

const TRADES: Kind<TradeBatch> = {
  name: 'trades',
  column: 'trade_count',
  known: 'has_trade_list = TRUE,',
  most: TRADES_MAX,
  segmentRows: SEGMENT_TRADES,
  reader(format, { mostRows }) {
    if (format === 'binary') throw new RangeError('Trades have names, which no binary body holds')
    return readStatement(format, tradeRows(), { mostRows })
  },
  slice: sliceTrades,
  lengthOf: ({ instruments }) => instruments.length,
  segment: tradeSegment,
  lastTime: () => null,
}

interface Upload {
  stored: number
  staged: number
  uploadId: string
  /** What is not written yet. */
  last: Segment[]
  lastTime: number | null
  expected: unknown
}

/** Faults of a body as the fields of a problem: each says the line it is about. */
export function refusedRows(faults: readonly RowFault[]): ValidationError {
  return new ValidationError(
    faults.map(({ line, message }) => ({ field: `line ${line}`, message, code: 'invalid_row' })),
  )
}

/**
 * Takes in the rows of a running run, batch by batch. A batch is kept whole or not at all: its segments lie behind the
 * run's count until that is moved over them in the last transaction. A batch that begins before the count is a
 * repetition: what is stored already is compared and skipped. A request holds what it reads, gathers and writes, below
 * 16 MiB, however long its body.
 */
export function createRunIntake({ database, runs, segments, telling, now }: IntakeDependencies) {
  async function append<Batch>(
    principal: Principal,
    id: string,
    kind: Kind<Batch>,
    offset: number,
    body: StreamedBody,
  ): Promise<RunProgress> {
    const run = await runs.getForIntake(principal, id)
    requireRunning(run)
    const stored = Number(run[kind.column])
    if (offset > stored) throw new OffsetConflictError(stored, kind.name)

    const uploadId = randomUUID()
    const reader = kind.reader(body.format, {
      after: await lastTimeBefore(run, kind, offset),
      mostRows: kind.most - offset,
    })
    let at = offset // index of the first row that is waiting
    let gathered: Segment[] = [] // to be written together
    let staged = 0 // rows that lie behind the count
    let lastTime: number | null = null
    let writing = Promise.resolve() // of the segments before, while more is read

    const put = async (batch: Batch): Promise<Batch | undefined> => {
      const length = kind.lengthOf(batch)
      const known = Math.min(length, Math.max(0, stored - at))
      if (known > 0) await requireSame(id, kind, at, kind.slice(batch, 0, known))
      at += length
      if (known < length) lastTime = kind.lastTime(batch)
      return known === length ? undefined : known === 0 ? batch : kind.slice(batch, known)
    }
    /** Encodes full segments as their rows come, so that no more than one of them waits as rows. */
    const encode = async () => {
      while (reader.waiting >= kind.segmentRows) {
        const fresh = await put(reader.flush(kind.segmentRows))
        if (fresh) gathered.push(kind.segment(fresh))
      }
    }
    const stage = async () => {
      const segments = gathered
      gathered = []
      await writing
      const place = { id, kind: kind.name, firstIndex: stored + staged, uploadId }
      staged += rowsOf(segments)
      writing = database.batches.write(async (run) => {
        // What another upload has put there meanwhile would come to lie below these segments.
        const isPostgres = database.dialect === 'postgres'
        const [row] = await run(
          `SELECT id FROM backtests WHERE id = $1 AND status = 'running' AND ${kind.column} = $2${isPostgres ? ' FOR SHARE' : ''}`,
          [id, stored],
        )
        if (!row) throw new OffsetConflictError(stored, kind.name)
        await insertSegments(run, place, segments)
      })
      writing.catch(() => undefined) // whoever waits for it next is told
    }

    try {
      for await (const piece of body.pieces()) {
        reader.read(piece)
        if (reader.faults.length > 0 && reader.isOver) break
        if (reader.faults.length > 0) reader.flush()
        else if (reader.waiting >= kind.segmentRows) await encode()
        if (gathered.length >= SEGMENTS_AT_ONCE) await stage()
      }
      reader.end()
      if (reader.faults.length > 0) throw refusedRows(reader.faults)
      await encode()
      const last = reader.waiting > 0 ? await put(reader.flush()) : undefined
      if (last) gathered.push(kind.segment(last))
      await writing
      return await commit(principal, id, kind, {
        stored,
        staged,
        uploadId,
        last: gathered,
        lastTime,
        expected: run.expected_points,
      })
    } catch (error) {
      await writing.catch(() => undefined)
      if (staged > 0) await database.write((transaction) => segments.deleteUpload(id, uploadId, transaction))
      throw error instanceof OffsetConflictError ? await whyNot(principal, id, kind) : error
    }
  }

  async function lastTimeBefore<Batch>(run: Row, kind: Kind<Batch>, offset: number): Promise<number | undefined> {
    if (kind.name === 'trades' || offset === 0) return undefined
    if (offset === Number(run.point_count)) return Number(run.last_time)
    const { times } = await segments.readPoints(String(run.id), { from: offset - 1, to: offset })
    return times[0]
  }

  async function requireSame<Batch>(id: string, kind: Kind<Batch>, at: number, sent: Batch): Promise<void> {
    const range = { from: at, to: at + kind.lengthOf(sent) }
    const isSame =
      kind.name === 'points'
        ? isSamePoints(await segments.readPoints(id, range), sent as Curve)
        : isSameTrades(await readTrades(id, range), sent as TradeBatch)
    if (!isSame) {
      const message = `These ${kind.name} are not those that the run holds already from row ${at} on.`
      throw new ValidationError([{ field: 'offset', message, code: 'different' }])
    }
  }

  async function readTrades(id: string, { from, to }: { from: number; to: number }): Promise<TradeBatch> {
    const { firstIndex, trades } = await segments.readTrades(id, { from, to })
    return sliceTrades(trades, from - firstIndex, to - firstIndex)
  }

  /** Moves the run's count over what was put behind it, together with the last of it. */
  async function commit<Batch>(
    principal: Principal,
    id: string,
    kind: Kind<Batch>,
    { stored, staged, uploadId, last, lastTime, expected }: Upload,
  ): Promise<RunProgress> {
    const count = stored + staged + rowsOf(last)
    const progress = kind.name === 'points' && expected !== null ? Math.min(1, count / Number(expected)) : null
    const at = new Date(now())
    const moveOn = async (run: RunStatement): Promise<Row> => {
      const [row] = await run(
        `UPDATE backtests SET ${kind.known} ${kind.column} = $1, last_seen_at = $2, progress = COALESCE($3, progress),
           last_time = COALESCE($4, last_time)
         WHERE id = $5 AND status = 'running' AND ${kind.column} = $6
         RETURNING id, status, point_count, trade_count, progress, strategy_id, workspace_id`,
        [count, database.dialect === 'sqlite' ? sqliteInstant(at) : at.toISOString(), progress, lastTime, id, stored],
      )
      if (!row) throw new OffsetConflictError(stored, kind.name)
      if (count === stored) return row
      await clearSegments(run, { id, kind: kind.name, index: stored, keptUpload: uploadId })
      await insertSegments(run, { id, kind: kind.name, firstIndex: stored + staged, uploadId }, last)
      return row
    }
    if (!telling.isDue(id)) {
      const progress = toProgress(await database.batches.write(moveOn))
      telling.progressLater(id, principal)
      return progress
    }
    return database.write(async (transaction) => {
      const row = await moveOn(statementsOf(database.sequelize, transaction))
      await telling.progress(row, principal, transaction)
      return toProgress(row)
    })
  }

  async function whyNot<Batch>(principal: Principal, id: string, kind: Kind<Batch>): Promise<Error> {
    const run = await runs.getForIntake(principal, id)
    return run.status === 'running'
      ? new OffsetConflictError(Number(run[kind.column]), kind.name)
      : new RunFinishedError(String(run.status))
  }

  return {
    appendPoints: (principal: Principal, id: string, offset: number, body: StreamedBody) =>
      append(principal, id, POINTS, offset, body),
    appendTrades: (principal: Principal, id: string, offset: number, body: StreamedBody) =>
      append(principal, id, TRADES, offset, body),
  }
}

export function requireRunning({ status }: Row): void {
  if (status !== 'running') throw new RunFinishedError(String(status))
}

const rowsOf = (segments: readonly Segment[]): number => segments.reduce((sum, { count }) => sum + count, 0)

/** As Sequelize writes an instant into SQLite. */
const sqliteInstant = (at: Date): string => at.toISOString().replace('T', ' ').replace('Z', ' +00:00')

const isSameColumn = (one: Float64Array, other: Float64Array): boolean =>
  one.length === other.length && one.every((value, index) => Object.is(value, other[index]))

function isSamePoints(one: Curve, other: Curve): boolean {
  return isSameColumn(one.times, other.times) && isSameColumn(one.values, other.values)
}

function isSameTrades(one: TradeBatch, other: TradeBatch): boolean {
  const { instruments, ...columns } = one
  return (
    instruments.join('\n') === other.instruments.join('\n') &&
    Object.entries(columns).every(([name, column]) => isSameColumn(column, other[name as keyof typeof columns]))
  )
}
