import type { Backtest, CurveReply } from '../../contracts/backtests'
import { alignTo, valueAt } from '../charts/align'
import { Select } from '../ui/select'
import styles from './ledger.module.css'
import { runName } from './run-name'
import { useCompletedRuns } from './use-runs'

interface BenchmarkChoiceProps {
  run: Pick<Backtest, 'id' | 'strategy_id'>
  chosen: Backtest | null
  onChoose: (run: Backtest | null) => void
}

/** Any other completed run; an imported curve is one as well. Those of the same strategy come first. */
export function BenchmarkChoice({ run, chosen, onChoose }: BenchmarkChoiceProps) {
  const { data } = useCompletedRuns()
  const others = (data?.backtests ?? []).filter(({ id }) => id !== run.id)
  const strategies = [...new Map(others.map((each) => [each.strategy_id, each.strategy_name]))]
  strategies.sort(([one], [other]) => Number(other === run.strategy_id) - Number(one === run.strategy_id))
  return (
    <Select
      size="xs"
      className={styles.benchmark ?? ''}
      aria-label="Benchmark"
      value={chosen?.id ?? ''}
      data={[
        { value: '', label: 'No benchmark' },
        ...strategies.map(([strategyId, name]) => ({
          group: name,
          items: others
            .filter((each) => each.strategy_id === strategyId)
            .map((each) => ({ value: each.id, label: runName(each) })),
        })),
      ]}
      onChange={({ currentTarget }) => onChoose(others.find(({ id }) => id === currentTarget.value) ?? null)}
    />
  )
}

/** Another run's curve, scaled so that both are worth the same on the first day they share. */
export function benchmarkOn(shown: CurveReply, whole: CurveReply, run: Backtest | null, other: CurveReply | undefined) {
  if (!run || !other) return null
  const start = Math.max(whole.times[0] ?? 0, other.times[0] ?? 0)
  const [ours, theirs] = [valueAt(whole, start), valueAt(other, start)]
  if (!ours || !theirs) return null
  const values = alignTo(shown.times, other).map((value) => (value === null ? null : (value / theirs) * ours))
  return { name: `${run.strategy_name}, ${runName(run)}`, values }
}
