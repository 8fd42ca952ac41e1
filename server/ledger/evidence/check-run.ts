import type { BacktestDetail } from '../../../contracts/backtests'
import { encodeCurve } from '../../quant/codec'
import { computeMetrics } from '../../quant/metrics'
import { dayOf } from '../columns'
import { toMetrics } from '../metric-figures'
import { findDifferences } from '../runs/differences'
import { inputFingerprint } from '../runs/lineage'
import { resultHash } from '../runs/result-hash'
import { columnsOf } from '../runs/trade-codec'
import { deflate, withTrials } from '../runs/trials'
import { readCurveCsv, readTradesCsv } from './rows'
import { isClose, isSame } from './same'

const SHOWN = ['total_return', 'cagr', 'volatility', 'sharpe_ratio', 'max_drawdown'] as const

/** What the curve of a run says beside its figures. */
export interface CurveFacts {
  /** Encoded, for a validation that was cut from it. */
  points: Uint8Array
  first: { time: number; value: number } | null
  lastTime: number | null
}

/**
 * Computes a run again from its rows.
 *
 * @param files `equity.csv` and `trades.csv`
 * @returns one sentence for each thing that does not follow from them
 * @throws {RangeError} the rows are not as Aurelius writes them
 */
export function checkRun(
  run: BacktestDetail,
  files: { equity: string; trades: string },
): { messages: string[]; curve: CurveFacts } {
  const messages: string[] = []
  const expect = (holds: boolean, message: string) => void (holds || messages.push(message))
  const curve = readCurveCsv(files.equity)
  const rows = readTradesCsv(files.trades)
  const trades = run.has_trade_list ? rows : null
  expect(
    curve.times.length === run.point_count && rows.instruments.length === run.trade_count,
    'There are not as many points and trades as the run says.',
  )
  const last = curve.times.length - 1
  const facts: CurveFacts = {
    points: encodeCurve(curve),
    first: last < 0 ? null : { time: curve.times[0] as number, value: curve.values[0] as number },
    lastTime: curve.times[last] ?? null,
  }
  if (run.status !== 'completed' || run.result_hash === null) {
    messages.push(...checkUnscored(run))
    return { messages, curve: facts }
  }
  if (resultHash(curve, trades) !== run.result_hash || (!trades && rows.instruments.length > 0))
    return { messages: [...messages, 'Points and trades are not those that were recorded.'], curve: facts }

  const { periods_per_year, risk_free_rate, day_start_minutes } = run.scoring
  const scored = toMetrics(
    computeMetrics(curve, {
      trades: trades ? columnsOf(trades) : undefined,
      periodsPerYear: periods_per_year,
      riskFreeRate: risk_free_rate,
      dayStartMinutes: day_start_minutes,
    }),
  )
  const trials = run.metrics?.basis.trials
  const again = trials ? withTrials(scored, trials) : scored
  const wrong: string[] = Object.entries(again.figures)
    .filter(([name, figure]) => !isClose(figure, run.metrics?.figures[name as (typeof SHOWN)[number]] ?? null))
    .map(([name]) => name)
  for (const name of SHOWN) if (!isClose(run[name], again.figures[name]) && !wrong.includes(name)) wrong.push(name)
  expect(wrong.length === 0, `These figures do not follow from the rows: ${wrong.join(', ')}.`)
  expect(
    isSame(run.metrics?.monthly_returns, again.monthly_returns) && isSame(run.metrics?.basis, again.basis),
    'The monthly returns or what the figures were computed with do not follow from the rows.',
  )
  const differences = findDifferences(again.figures, run.reported_metrics ?? {})
  expect(
    isSame(run.differences, differences) && run.difference_count === differences.length,
    "The differences do not follow from the script's own figures and these.",
  )
  expect(
    !run.selection ||
      !run.metrics ||
      isClose(run.selection.deflated_sharpe_ratio, deflate(again, run.selection.trials)),
    'The deflated Sharpe ratio among all trials does not follow from them.',
  )
  return { messages, curve: facts }
}

/** What a run has to be that has no result: not ended, failed, or another system's. */
export function checkUnscored(run: BacktestDetail): string[] {
  const isBare =
    run.metrics === null && run.result_hash === null && run.reproducibility === null && run.differences.length === 0
  const isForeign = run.status !== 'completed' || run.fingerprint === null
  return isBare && isForeign && SHOWN.every((name) => run[name] === null)
    ? []
    : ['A run without a result has no figures.']
}

/** Whether the inputs that the run shows are those of its fingerprint; what was told from the curve was not stated. */
export function hasItsInputs(run: BacktestDetail, curve: CurveFacts | undefined): boolean {
  if (run.fingerprint === null) return run.result_hash === null
  const isDone = run.status === 'completed'
  const toldOf = (time: number | null | undefined) => (isDone && typeof time === 'number' ? dayOf(time) : null)
  const isPeriodTold = run.start_date === toldOf(curve?.first?.time) && run.end_date === toldOf(curve?.lastTime)
  const firstValue = isDone ? (curve?.first?.value ?? 0) : 0
  const isCapitalTold = run.initial_capital === (firstValue > 0 ? firstValue : null)
  const periods = [
    ...(run.start_date !== null && run.end_date !== null
      ? [{ start_date: run.start_date, end_date: run.end_date }]
      : []),
    ...(isPeriodTold ? [{ start_date: undefined, end_date: undefined }] : []),
  ]
  const capitals = [
    ...(run.initial_capital === null ? [] : [run.initial_capital]),
    ...(isCapitalTold ? [undefined] : []),
  ]
  return periods.some((period) =>
    capitals.some(
      (initial_capital) => inputFingerprint({ ...run, ...period, initial_capital }, run.parameters) === run.fingerprint,
    ),
  )
}
