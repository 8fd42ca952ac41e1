import { randomUUID } from 'node:crypto'
import type { Transaction } from 'sequelize'
import type {
  BacktestCompletion,
  BacktestDetail,
  BacktestFailure,
  BacktestProgress,
  FinishedBacktest,
  NewBacktest,
  RunProgress,
} from '../../../contracts/backtests'
import { actorOf, SERVER } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { OffsetConflictError, RunFinishedError, ValidationError } from '../../errors'
import type { StrategyRow } from '../../models/strategy'
import { addTrial, type TrialSummary } from '../../quant/significance'
import { dayOf, isObject, isTrue, json } from '../columns'
import type { Strategies } from '../strategies'
import { countTrials } from './count-trials'
import { findDifferences } from './differences'
import { hashOf, type Idempotency } from './idempotency'
import { holdAgainstFirst, inputFingerprint } from './lineage'
import { requireRunning } from './run-intake'
import type { createRunList } from './run-list'
import { RUN_COLUMNS, toProgress } from './run-rows'
import type { RunTelling } from './run-telling'
import type { Runs } from './runs'
import type { Score } from './score'
import type { Scorer } from './scorer'
import { SEGMENT_POINTS, SEGMENT_TRADES, type Segment, type Segments } from './segments'
import { statedTrials, trialsFor, withTrials } from './trials'

export interface RunsDependencies {
  database: Database
  strategies: Strategies
  runs: Runs
  segments: Segments
  list: ReturnType<typeof createRunList>
  idempotency: Idempotency
  scorer: Scorer
  telling: RunTelling
  audit: Audit
  now: () => number
}

export interface RecordedRows {
  points: Segment[]
  trades: Segment[]
  /** Whether there was a list of trades, if only an empty one. */
  hasTradeList: boolean
}

const LEAST_POINTS = 2
const SEGMENTS_AT_ONCE = 8

export type RunsService = ReturnType<typeof createRunsService>

/** The life of a run: started, told of, completed or failed; or recorded whole. */
export function createRunsService(dependencies: RunsDependencies) {
  const { database, strategies, runs, segments, list, idempotency, scorer, telling, audit, now } = dependencies
  const { Backtest } = database.models

  async function insert(
    principal: Principal,
    id: string,
    input: NewBacktest | FinishedBacktest,
    transaction: Transaction,
  ) {
    const strategy = await strategies.get(principal, input.strategy_id, 'editor', transaction)
    const { version, parameters } = await versionOf(strategy, input.strategy_version, transaction)
    const at = new Date(now())
    const { periods_per_year, risk_free_rate, day_start_minutes, trials } = input
    const row = {
      id,
      strategyId: strategy.id,
      strategyVersion: version,
      workspaceId: strategy.workspaceId,
      authorId: principal.userId,
      label: input.label ?? null,
      status: 'running' as const,
      startDate: input.start_date ?? input.end_date ?? dayOf(now()),
      endDate: input.end_date ?? input.start_date ?? dayOf(now()),
      isPeriodStated: input.start_date !== undefined && input.end_date !== undefined,
      initialCapital: input.initial_capital ?? 0,
      currency: input.currency,
      instruments: input.instruments,
      seed: input.seed,
      dataSource: input.data_source,
      dataFingerprint: input.data_fingerprint,
      engine: input.engine,
      engineVersion: input.engine_version,
      codeRevision: input.code_revision,
      scoring: JSON.stringify({ periods_per_year, risk_free_rate, day_start_minutes, trials }),
      expectedPoints: 'expected_points' in input ? (input.expected_points ?? null) : null,
      progress: 'expected_points' in input && input.expected_points ? 0 : null,
      fingerprint: inputFingerprint(input, parameters),
      createdAt: at,
      lastSeenAt: at,
    }
    await Backtest.create(row, { transaction })
    await strategy.update({ backtestCount: strategy.backtestCount + 1, lastBacktestAt: at }, { transaction })
    return row
  }

  async function versionOf(strategy: StrategyRow, wanted: number | undefined, transaction: Transaction) {
    const version = wanted ?? strategy.version
    const [row] = await select(
      database,
      'SELECT parameters FROM strategy_versions WHERE strategy_id = :id AND version = :version',
      { id: strategy.id, version },
      transaction,
    )
    if (!row) {
      const message = `The strategy has no version ${version}.`
      throw new ValidationError([{ field: 'strategy_version', message, code: 'not_found' }])
    }
    return { version, parameters: json(row.parameters, isObject, {}) }
  }

  async function scored(
    rows: { points: Uint8Array[]; trades: Uint8Array[] | null },
    scoring: Row,
    repack: { points: boolean; trades: boolean },
    isSpent: boolean,
  ): Promise<Score> {
    const options = {
      periodsPerYear: scoring.periods_per_year as number | undefined,
      riskFreeRate: scoring.risk_free_rate as number | undefined,
      dayStartMinutes: scoring.day_start_minutes as number | undefined,
    }
    try {
      return await scorer.score({ ...rows, repack, options }, { isSpent })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new ValidationError([{ field: 'body', message: error.message, code: 'not_scorable' }])
    }
  }

  /** Writes what was computed into the row of a run that is done. */
  async function finish(
    run: { id: string; strategyId: string; fingerprint: string; scoring: string; createdAt: Date },
    stated: { isPeriodStated: boolean; startDate: string; endDate: string; initialCapital: number },
    score: Score,
    others: TrialSummary,
    reported: BacktestCompletion['reported_metrics'],
    counts: { pointCount: number; tradeCount: number; hasTradeList: boolean },
    transaction: Transaction,
  ) {
    const lineage = await holdAgainstFirst(database, run, score.resultHash, transaction)
    const isTrial = lineage.reproducibility !== 'same'
    const tried = isTrial ? addTrial(others, score.metrics.figures.sharpe_ratio) : others
    const metrics = withTrials(score.metrics, trialsFor(statedTrials(run.scoring), tried))
    const { figures } = metrics
    const differences = reported ? findDifferences(figures, reported) : []
    const at = new Date(now())
    const durationSeconds = (at.getTime() - run.createdAt.getTime()) / 1000
    await Backtest.update(
      {
        status: 'completed',
        ...counts,
        ...lineage,
        progress: 1,
        startDate: stated.isPeriodStated ? stated.startDate : dayOf(score.first.time),
        endDate: stated.isPeriodStated ? stated.endDate : dayOf(score.lastTime),
        initialCapital: stated.initialCapital || score.first.value,
        lastTime: score.lastTime,
        resultHash: score.resultHash,
        metrics,
        reportedMetrics: reported ? JSON.stringify(reported) : null,
        differences: JSON.stringify(differences),
        differenceCount: differences.length,
        totalReturn: figures.total_return,
        cagr: figures.cagr,
        volatility: figures.volatility,
        sharpeRatio: figures.sharpe_ratio,
        maxDrawdown: figures.max_drawdown,
        completedAt: at,
        durationSeconds,
      },
      { where: { id: run.id }, transaction },
    )
    return {
      reproducibility: lineage.reproducibility,
      sharpe_ratio: figures.sharpe_ratio,
      result_hash: score.resultHash,
      duration_seconds: durationSeconds,
    }
  }

  async function putSegments(
    id: string,
    kind: 'points' | 'trades' | 'preview',
    parts: Segment[],
    transaction: Transaction,
  ) {
    const uploadId = randomUUID()
    let firstIndex = 0
    for (let part = 0; part < parts.length; part += SEGMENTS_AT_ONCE) {
      const some = parts.slice(part, part + SEGMENTS_AT_ONCE)
      await segments.insert({ id, kind, firstIndex, uploadId }, some, transaction)
      firstIndex += some.reduce((sum, { count }) => sum + count, 0)
    }
  }

  const previewSegment = (score: Score): Segment => ({
    count: 0,
    firstTime: score.first.time,
    lastTime: score.lastTime,
    overview: null,
    data: score.preview,
  })

  return {
    ...list,

    /** Starts a run, and with the same key only once. */
    async start(principal: Principal, input: NewBacktest, key?: string): Promise<BacktestDetail> {
      const asked = key === undefined ? undefined : { key, requestHash: hashOf('start', JSON.stringify(input)) }
      const id = await idempotency.once(principal, asked, async (remember) => {
        const fresh = randomUUID()
        await database.write(async (transaction) => {
          const row = await insert(principal, fresh, input, transaction)
          await runs.count(row, { running: 1 }, transaction)
          await remember(fresh, transaction)
          await tellOf('backtest.started', row, principal, {}, transaction)
        })
        return fresh
      })
      return list.get(principal, id)
    },

    /** Records a finished run whole: all of it or nothing. */
    async record(
      principal: Principal,
      input: FinishedBacktest,
      rows: RecordedRows,
      key?: { key: string; requestHash: string },
    ): Promise<BacktestDetail> {
      await strategies.get(principal, input.strategy_id, 'editor')
      const pointCount = rows.points.reduce((sum, { count }) => sum + count, 0)
      const tradeCount = rows.trades.reduce((sum, { count }) => sum + count, 0)
      requirePoints(pointCount)
      const id = await idempotency.once(principal, key, async (remember) => {
        const bytes = {
          points: rows.points.map(({ data }) => data),
          trades: rows.hasTradeList ? rows.trades.map(({ data }) => data) : null,
        }
        const { periods_per_year, risk_free_rate, day_start_minutes } = input
        const options = { periods_per_year, risk_free_rate, day_start_minutes }
        const score = await scored(bytes, options, { points: false, trades: false }, false)
        const fresh = randomUUID()
        await database.write(async (transaction) => {
          const row = await insert(principal, fresh, input, transaction)
          const others = await countTrials(database, input.strategy_id, transaction)
          await putSegments(fresh, 'points', rows.points, transaction)
          await putSegments(fresh, 'trades', rows.trades, transaction)
          await putSegments(fresh, 'preview', [previewSegment(score)], transaction)
          const counts = { pointCount, tradeCount, hasTradeList: rows.hasTradeList }
          const outcome = await finish(row, row, score, others, input.reported_metrics, counts, transaction)
          await runs.count(row, { completed: 1 }, transaction)
          await remember(fresh, transaction)
          await tellOf('backtest.completed', row, principal, outcome, transaction)
        })
        return fresh
      })
      return list.get(principal, id)
    },

    async progressOf(principal: Principal, id: string): Promise<RunProgress> {
      return toProgress(await runs.get(principal, id, 'viewer'))
    },

    async setProgress(principal: Principal, id: string, { progress }: BacktestProgress): Promise<RunProgress> {
      requireRunning(await runs.get(principal, id, 'editor'))
      return database.write(async (transaction) => {
        const [row] = await select(
          database,
          `UPDATE backtests SET progress = :progress, last_seen_at = :now WHERE id = :id AND status = 'running'
           RETURNING id, status, point_count, trade_count, progress, strategy_id, workspace_id`,
          { id, progress, now: new Date(now()) },
          transaction,
        )
        if (!row) throw new RunFinishedError('ended')
        await telling.progress(row, principal, transaction)
        return toProgress(row)
      })
    },

    /** Scores a run and closes it. Completing it again answers what it is. */
    async complete(principal: Principal, id: string, completion: BacktestCompletion): Promise<BacktestDetail> {
      const run = await runs.get(principal, id, 'editor', `${RUN_COLUMNS}, scoring`)
      if (run.status === 'completed') return list.get(principal, id)
      requireRunning(run)
      const counts = {
        pointCount: Number(run.point_count),
        tradeCount: Number(run.trade_count),
        hasTradeList: isTrue(run.has_trade_list),
      }
      requireCount(completion.point_count, counts.pointCount, 'points')
      requireCount(completion.trade_count, counts.tradeCount, 'trades')
      requirePoints(counts.pointCount)
      const points = await segments.readBytes(id, 'points', { from: 0, to: counts.pointCount })
      const trades = await segments.readBytes(id, 'trades', { from: 0, to: counts.tradeCount })
      const repack = {
        points: points.length > Math.ceil(counts.pointCount / SEGMENT_POINTS),
        trades: trades.length > Math.ceil(counts.tradeCount / SEGMENT_TRADES),
      }
      const bytes = {
        points: points.map((part) => part.bytes),
        trades: counts.hasTradeList ? trades.map((part) => part.bytes) : null,
      }
      const scoring = json(run.scoring, isObject, {})
      const score = await scored(bytes, scoring, repack, true)
      const strategyId = String(run.strategy_id)
      await database.write(async (transaction) => {
        // Its row stays locked: of two runs that end at once, the second counts the first among its trials.
        await strategies.get(principal, strategyId, 'editor', transaction)
        const [row] = await Backtest.findAll({ where: { id }, transaction, lock: true })
        if (row?.status === 'completed') return
        if (row?.status !== 'running') throw new RunFinishedError(String(row?.status))
        if (row.pointCount !== counts.pointCount) throw new OffsetConflictError(row.pointCount, 'points')
        if (row.tradeCount !== counts.tradeCount || row.hasTradeList !== counts.hasTradeList)
          throw new OffsetConflictError(row.tradeCount, 'trades')
        for (const kind of ['points', 'trades'] as const) {
          // What a broken upload left behind goes as well.
          await segments.clearFrom(
            id,
            kind,
            score[kind] ? 0 : counts[`${kind === 'points' ? 'point' : 'trade'}Count`],
            '',
            transaction,
          )
          if (score[kind]) await putSegments(id, kind, score[kind], transaction)
        }
        await putSegments(id, 'preview', [previewSegment(score)], transaction)
        const others = await countTrials(database, strategyId, transaction)
        const outcome = await finish(row, row, score, others, completion.reported_metrics, counts, transaction)
        await runs.count(row, { running: -1, completed: 1 }, transaction)
        await tellOf('backtest.completed', row, principal, outcome, transaction)
      })
      telling.ended(id)
      return list.get(principal, id)
    },

    /** Closes a run that went wrong; what it recorded stays to be looked at. Failing it again changes nothing. */
    async fail(principal: Principal, id: string, { reason }: BacktestFailure): Promise<BacktestDetail> {
      const run = await runs.get(principal, id, 'editor')
      if (run.status === 'failed') return list.get(principal, id)
      requireRunning(run)
      await database.write((transaction) => failInside(id, reason, principal, transaction))
      return list.get(principal, id)
    },

    /** Fails the runs whose script has not been heard of since a moment, so that nothing runs for ever. */
    async failSilentSince(moment: Date): Promise<void> {
      const silent = await select(
        database,
        `SELECT id FROM backtests WHERE status = 'running' AND last_seen_at < :moment LIMIT 100`,
        { moment },
      )
      for (const { id } of silent)
        await database.write((transaction) =>
          failInside(String(id), 'The script was not heard of for a day.', null, transaction, moment),
        )
    },
  }

  async function failInside(
    id: string,
    reason: string,
    principal: Principal | null,
    transaction: Transaction,
    silentSince?: Date,
  ): Promise<void> {
    const row = await Backtest.findByPk(id, { transaction, lock: true })
    if (row?.status !== 'running' || (silentSince && (row.lastSeenAt ?? row.createdAt) >= silentSince)) return
    const at = new Date(now())
    const durationSeconds = (at.getTime() - row.createdAt.getTime()) / 1000
    await row.update({ status: 'failed', errorMessage: reason, completedAt: at, durationSeconds }, { transaction })
    await runs.count(row, { running: -1, failed: 1 }, transaction)
    const data = { reason: reason.slice(0, 200), duration_seconds: durationSeconds }
    await tellOf('backtest.failed', row, principal, data, transaction)
    telling.ended(id)
  }

  function tellOf(
    type: 'backtest.started' | 'backtest.completed' | 'backtest.failed',
    row: { id: string; strategyId: string; workspaceId: string; strategyVersion: number; label: string | null },
    principal: Principal | null,
    outcome: Record<string, string | number | boolean | null>,
    transaction: Transaction,
  ): Promise<void> {
    const place = { strategy_id: row.strategyId, workspace_id: row.workspaceId }
    const by = principal ? actorOf(principal) : SERVER
    const target = { type: 'backtest', id: row.id } as const
    if (type === 'backtest.completed')
      audit.record(
        { action: type, by, target, details: { ...place, result_hash: String(outcome.result_hash) } },
        transaction,
      )
    else audit.record({ action: type, by, target, details: place }, transaction)
    const about = { id: row.id, ...place }
    const data = { ...outcome, strategy_version: row.strategyVersion, ...(row.label ? { label: row.label } : {}) }
    return telling.tell(type, about, principal, data, transaction)
  }
}

function requirePoints(count: number): void {
  if (count >= LEAST_POINTS) return
  const message = `A run has at least ${LEAST_POINTS} points of equity.`
  throw new ValidationError([{ field: 'equity', message, code: 'too_small' }])
}

function requireCount(expected: number | undefined, stored: number, what: string): void {
  if (expected === undefined || expected === stored) return
  throw new OffsetConflictError(stored, what)
}
