import type { BacktestDetail } from '../../../contracts/backtests'
import type { MetricTrials } from '../../../contracts/metrics'
import { addTrial } from '../../quant/significance'
import { scoredWith } from '../gates/evidence'
import { statedTrials, trialsFor } from '../runs/trials'
import { isClose } from './same'

const TRIAL_NOISE = 1e-9
const NO_TRIALS = { count: 0, known: 0, mean: 0, squares: 0 }

/** Completed runs at a moment: surely before it, and those of the same millisecond, whose order is not known. */
function runsBefore(runs: Iterable<BacktestDetail>, moment: string) {
  const known = [...runs].filter((run) => run.result_hash !== null && run.completed_at !== null)
  const before = known.filter((run) => (run.completed_at as string) < moment)
  return { before, atOnce: known.filter((run) => run.completed_at === moment) }
}

/** Whether these were the trials of the strategy at a moment; `self` is counted, whenever it ended. */
export function wereTrials(
  runs: Iterable<BacktestDetail>,
  self: BacktestDetail,
  moment: string,
  trials: MetricTrials | null,
): boolean {
  if (trials === null) return true
  const { before, atOnce } = runsBefore(runs, moment)
  const others = (all: BacktestDetail[]) => all.filter((run) => run.id !== self.id)
  const count = (all: BacktestDetail[]) =>
    trialsFor(
      statedTrials(self.scoring),
      [...others(all), self]
        .filter((run) => run.reproducibility !== 'same')
        .reduce((summary, run) => addTrial(summary, run.sharpe_ratio), NO_TRIALS),
    )
  const least = count(before)
  const most = count([...before, ...atOnce])
  const isOne = ({ count, sharpe_variance, source }: MetricTrials) =>
    count === trials.count && source === trials.source && isClose(sharpe_variance, trials.sharpe_variance, TRIAL_NOISE)
  // Of several that ended at once, any number may have been counted.
  const isBetween = others(atOnce).length > 1 && trials.count >= least.count && trials.count <= most.count
  return isOne(least) || isOne(most) || isBetween
}

/** Whether a run is held against the first completed one with the same inputs. */
export function hasItsFirst(runs: Iterable<BacktestDetail>, run: BacktestDetail): boolean {
  const { before, atOnce } = runsBefore(runs, run.completed_at ?? '')
  const equal = (all: BacktestDetail[]) =>
    all
      .filter(({ id, fingerprint }) => id !== run.id && fingerprint === run.fingerprint)
      .sort((one, other) => ((one.completed_at as string) < (other.completed_at as string) ? -1 : 1))
  const [earliest] = equal(before)
  const ties = equal(earliest ? before.filter((other) => other.completed_at === earliest.completed_at) : atOnce)
  if (run.reproducibility === 'first') return run.first_run_id === null && !earliest
  const first = ties.find(({ id }) => id === run.first_run_id)
  return first !== undefined && run.reproducibility === (first.result_hash === run.result_hash ? 'same' : 'different')
}

/** What may have been known at a moment of whether a run repeats. */
export function reproducedAt(runs: Iterable<BacktestDetail>, run: BacktestDetail, moment: string): (boolean | null)[] {
  const { before, atOnce } = runsBefore(runs, moment)
  const told = (all: BacktestDetail[]) => {
    const others = all.filter(({ id, fingerprint }) => id !== run.id && fingerprint === run.fingerprint)
    if (others.some(({ result_hash }) => result_hash !== run.result_hash)) return false
    return others.some(({ scoring }) => scoredWith(scoring) === scoredWith(run.scoring)) ? true : null
  }
  return [told(before), told([...before, ...atOnce])]
}
