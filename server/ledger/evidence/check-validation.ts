import type { ValidationDetail, ValidationRule, ValidationWindow } from '../../../contracts/validations'
import { degradation } from '../../quant/walk-forward'
import { cutCurve, toWindowPlan } from '../runs/walk-forward-task'
import { judgeWindows } from '../validations/judge-windows'
import type { Archive } from './archive'
import { isSame } from './same'

/** One sentence for each thing in a validation that does not follow from its windows, its rule, or the curve it cut. */
export function checkValidation(
  validation: ValidationDetail,
  { backtests, curves }: Pick<Archive, 'backtests' | 'curves'>,
): string[] {
  const { source, rule, windows, verdict } = validation
  if (source === 'adopted')
    return verdict === 'inconclusive' && windows.length === 0 ? [] : ["Another system's validation shows no windows."]
  if (windows.length === 0) return ['A validation has windows.']
  const messages: string[] = []
  const judged = judgedAgain(windows, rule)
  if (!Object.entries(judged).every(([name, value]) => isSame(validation[name as keyof typeof judged], value)))
    messages.push('The summary, the checks or the verdict does not follow from the windows and the rule.')
  const run = validation.backtest_id === null ? undefined : backtests.get(validation.backtest_id)
  if (validation.backtest_id !== null && run?.strategy_version !== validation.strategy_version)
    messages.push('The backtest it refers to is not in the archive.')
  if (!isSame(windows, source === 'cut' ? cutAgain(validation, run, curves) : compareAgain(windows)))
    messages.push(
      source === 'cut'
        ? 'The windows are not those of the curve in the archive.'
        : 'The degradation of a window does not follow from its Sharpe ratios.',
    )
  return messages
}

/** All that a validation says of its windows, in the names of the wire. */
function judgedAgain(windows: ValidationWindow[], rule: ValidationRule) {
  const { summary, checks, verdict } = judgeWindows(windows, rule)
  const [start_date] = windows.map(({ in_sample }) => in_sample.start_date).sort()
  const [end_date] = windows
    .map(({ out_of_sample }) => out_of_sample.end_date)
    .sort()
    .reverse()
  return {
    ...{ start_date, end_date, verdict, checks: checks.map(({ fact, ...check }) => check) },
    window_count: summary.windowCount,
    in_sample_sharpe: summary.inSampleSharpe,
    out_of_sample_sharpe: summary.outOfSampleSharpe,
    degradation: summary.degradation,
    stability: summary.stability,
  }
}

function cutAgain(
  { plan }: ValidationDetail,
  run: ReturnType<Archive['backtests']['get']>,
  curves: Archive['curves'],
): ValidationWindow[] | null {
  const curve = run && curves.get(run.id)
  if (!curve || !plan) return null
  try {
    const { periods_per_year, risk_free_rate, day_start_minutes } = run.scoring
    return cutCurve({
      points: [curve.points],
      plan: toWindowPlan(plan),
      options: {
        periodsPerYear: periods_per_year,
        riskFreeRate: risk_free_rate,
        dayStartMinutes: day_start_minutes,
      },
    })
  } catch {
    return null
  }
}

const compareAgain = (windows: ValidationWindow[]): ValidationWindow[] =>
  windows.map((window) => ({
    ...window,
    degradation: degradation(window.in_sample.sharpe_ratio, window.out_of_sample.sharpe_ratio),
  }))
