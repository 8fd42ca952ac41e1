import type { BacktestDetail, Comparison } from '../../contracts/backtests'
import { NOTHING } from '../ledger/format'
import { Card } from '../ui/card'
import styles from './compare.module.css'
import { SideBySide } from './side-by-side'

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
        <SideBySide label="What differs" about="Input" runs={runs}>
          {differing.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {runs.map(({ id }, index) => (
                <td key={id}>{valueText(values[index])}</td>
              ))}
            </tr>
          ))}
        </SideBySide>
      )}
    </Card>
  )
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return NOTHING
  return typeof value === 'string' ? value : JSON.stringify(value)
}
