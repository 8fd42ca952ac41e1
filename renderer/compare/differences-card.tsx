import type { BacktestDetail, Comparison } from '../../contracts/backtests'
import { NOTHING } from '../ledger/format'
import { runName } from '../ledger/run-name'
import { Card } from '../ui/card'
import styles from './compare.module.css'
import { letterOf } from './letters'

interface DifferencesCardProps {
  runs: BacktestDetail[]
  differing: Comparison['differing']
}

/** The parameters and inputs that are not the same for all. */
export function DifferencesCard({ runs, differing }: DifferencesCardProps) {
  return (
    <Card title="What differs">
      {differing.length === 0 ? (
        <p className={styles.quiet}>All parameters and inputs are the same.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        <section className={styles.scroll} tabIndex={0} aria-label="What differs, scrollable">
          <table className={styles.table} aria-label="What differs">
            <thead>
              <tr>
                <th scope="col">Input</th>
                {runs.map((run, index) => (
                  <th key={run.id} scope="col" title={runName(run)}>
                    <strong>{letterOf(index)}</strong> {runName(run)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differing.map(({ name, values }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {runs.map(({ id }, index) => (
                    <td key={id}>{valueText(values[index])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  )
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return NOTHING
  return typeof value === 'string' ? value : JSON.stringify(value)
}
