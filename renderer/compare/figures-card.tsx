import type { BacktestDetail } from '../../contracts/backtests'
import { METRICS } from '../../contracts/metric-catalogue'
import type { MetricDefinition } from '../../contracts/metrics'
import { figure } from '../ledger/format'
import { Card } from '../ui/card'
import styles from './compare.module.css'
import { SideBySide } from './side-by-side'

/** Every figure of every run; where more or less of it is better, the best is marked. */
export function FiguresCard({ runs }: { runs: BacktestDetail[] }) {
  return (
    <Card title="Figures" aside={<span className={styles.quiet}>★ marks the best, where one is</span>}>
      <SideBySide label="Figures" about="Figure" runs={runs}>
        {METRICS.map((metric) => (
          <FigureRow key={metric.id} metric={metric} runs={runs} />
        ))}
      </SideBySide>
    </Card>
  )
}

function FigureRow({ metric, runs }: { metric: MetricDefinition; runs: BacktestDetail[] }) {
  const values = runs.map(({ metrics }) => metrics?.figures[metric.id] ?? null)
  const best = bestOf(values, metric.higher_is_better)
  return (
    <tr>
      <th scope="row">{metric.label}</th>
      {runs.map(({ id, currency }, index) => {
        const value = values[index] ?? null
        const isBest = best !== null && value === best
        return (
          <td key={id} data-best={isBest}>
            {isBest ? (
              <span className={styles.star}>
                <span aria-hidden>★</span>
                <span className={styles.hidden}>best: </span>
              </span>
            ) : null}
            {figure(value, metric.unit, currency)}
          </td>
        )
      })}
    </tr>
  )
}

/** Nothing where no direction is better, or where all are alike. */
function bestOf(values: (number | null)[], isHigherBetter: boolean | null): number | null {
  const known = values.filter((value) => value !== null)
  if (isHigherBetter === null || new Set(known).size < 2) return null
  return isHigherBetter ? Math.max(...known) : Math.min(...known)
}
