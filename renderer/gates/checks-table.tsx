import type { GateCheck } from '../../contracts/gate-policy'
import table from '../ui/table.module.css'
import { factLabel, factText, thresholdText } from './facts'
import styles from './gates.module.css'
import { VerdictBadge } from './verdict'

interface ChecksTableProps {
  checks: GateCheck[]
  /** Why a rule is there, by its id. */
  reasons: Map<string, string>
}

export function ChecksTable({ checks, reasons }: ChecksTableProps) {
  return (
    <table className={`${table.table} ${table.folding}`} aria-label="Checks">
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col" data-number>
            Value
          </th>
          <th scope="col" data-number>
            Asked for
          </th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <tr key={check.id}>
            <th scope="row">
              {factLabel(check.fact)}
              {reasons.has(check.id) ? <span className={styles.why}>{reasons.get(check.id)}</span> : null}
            </th>
            <td data-label="Value" data-number>
              {factText(check.fact, check.value)}
            </td>
            <td data-label="Asked for" data-number>
              {thresholdText(check)}
            </td>
            <td data-label="Verdict">
              <span>
                <VerdictBadge verdict={check.verdict} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
