import type {
  Backtest,
  BacktestDetail,
  BacktestStatus,
  Reproducibility,
  RunProgress,
} from '../../../contracts/backtests'
import { backtestStatus } from '../../../contracts/backtests'
import { type Metrics, type MetricTrials, metrics as metricsShape } from '../../../contracts/metrics'
import type { Row } from '../../db/select'
import type { TrialSummary } from '../../quant/significance'
import {
  dayOrNull,
  instant,
  instantOrNull,
  isObject,
  isTexts,
  isTrue,
  json,
  nameOf,
  numberOrNull,
  textOrNull,
} from '../columns'
import { deflate, statedTrials, trialsFor } from './trials'

const STATUSES = backtestStatus.options

export const RUN_COLUMNS = `id, strategy_id, strategy_version, workspace_id, author_id, label, status, error_message,
  progress, start_date, end_date, is_period_stated, initial_capital, currency, instruments, seed, data_source,
  data_fingerprint, engine, engine_version, code_revision, point_count, trade_count, has_trade_list, fingerprint,
  result_hash, reproducibility, first_run_id, difference_count, total_return, cagr, volatility, sharpe_ratio, max_drawdown,
  created_at, completed_at, duration_seconds`

export function toBacktest(row: Row): Backtest {
  const status = statusOf(row.status)
  const isPeriodKnown = isTrue(row.is_period_stated) || status === 'completed'
  return {
    id: String(row.id),
    strategy_id: String(row.strategy_id),
    strategy_name: String(row.strategy_name),
    strategy_version: Number(row.strategy_version),
    workspace_id: String(row.workspace_id),
    author_id: textOrNull(row.author_id),
    author_name: nameOf(row.author_id, row.author_name),
    label: textOrNull(row.label),
    status,
    error_message: textOrNull(row.error_message),
    progress: numberOrNull(row.progress),
    start_date: isPeriodKnown ? dayOrNull(row.start_date) : null,
    end_date: isPeriodKnown ? dayOrNull(row.end_date) : null,
    initial_capital: Number(row.initial_capital) > 0 ? Number(row.initial_capital) : null,
    currency: String(row.currency),
    instruments: json(row.instruments, isTexts, []),
    seed: numberOrNull(row.seed),
    data_source: String(row.data_source ?? 'default'),
    data_fingerprint: textOrNull(row.data_fingerprint),
    engine: textOrNull(row.engine),
    engine_version: textOrNull(row.engine_version),
    code_revision: textOrNull(row.code_revision),
    point_count: Number(row.point_count),
    trade_count: Number(row.trade_count),
    has_trade_list: isTrue(row.has_trade_list),
    fingerprint: textOrNull(row.fingerprint),
    result_hash: textOrNull(row.result_hash),
    reproducibility: textOrNull(row.reproducibility) as Reproducibility | null,
    first_run_id: textOrNull(row.first_run_id),
    difference_count: Number(row.difference_count),
    total_return: numberOrNull(row.total_return),
    cagr: numberOrNull(row.cagr),
    volatility: numberOrNull(row.volatility),
    sharpe_ratio: numberOrNull(row.sharpe_ratio),
    max_drawdown: numberOrNull(row.max_drawdown),
    created_at: instant(row.created_at),
    completed_at: instantOrNull(row.completed_at),
    duration_seconds: numberOrNull(row.duration_seconds),
  }
}

/** What another system computed is not shown: only figures of the shape that comes from our own evidence are. */
export function readMetrics(stored: unknown): BacktestDetail['metrics'] {
  return metricsShape.safeParse(json(stored, isObject, null)).data ?? null
}

export function toBacktestDetail(row: Row, trials: TrialSummary | undefined): BacktestDetail {
  const metrics = readMetrics(row.metrics)
  const isList = (value: unknown): value is BacktestDetail['differences'] => Array.isArray(value)
  return {
    ...toBacktest(row),
    parameters: json(row.parameters, isObject, {}),
    metrics,
    reported_metrics: json(row.reported_metrics, isObject, null) as BacktestDetail['reported_metrics'],
    differences: json(row.differences, isList, []),
    selection:
      metrics && trials && trials.count > 0 ? amongTrials(metrics, trialsFor(statedTrials(row.scoring), trials)) : null,
    scoring: json(row.scoring, isObject, {}) as BacktestDetail['scoring'],
  }
}

function amongTrials(metrics: Metrics, trials: MetricTrials): BacktestDetail['selection'] {
  return { trials, deflated_sharpe_ratio: deflate(metrics, trials) }
}

export function toProgress(row: Row): RunProgress {
  return {
    id: String(row.id),
    status: statusOf(row.status),
    point_count: Number(row.point_count),
    trade_count: Number(row.trade_count),
    progress: numberOrNull(row.progress),
  }
}

function statusOf(stored: unknown): BacktestStatus {
  return STATUSES.find((status) => status === stored) ?? 'pending'
}
