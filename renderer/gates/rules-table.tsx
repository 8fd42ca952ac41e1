import type { GateName, GateRule } from '../../contracts/gate-policy'
import table from '../ui/table.module.css'
import { factLabel, GATE_TITLES, thresholdText } from './facts'
import styles from './gates.module.css'

export function RulesTable({ gate, rules }: { gate: GateName; rules: GateRule[] }) {
  return (
    <table className={`${table.table} ${table.folding} ${styles.narrow}`} aria-label={`Rules of ${GATE_TITLES[gate]}`}>
      <thead>
        <tr>
          <th scope="col">What is asked for</th>
          <th scope="col" data-number>
            Threshold
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id}>
            <th scope="row">
              {factLabel(rule.fact)}
              {rule.reason ? <span className={styles.why}>{rule.reason}</span> : null}
            </th>
            <td data-label="Threshold" data-number>
              {thresholdText(rule)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
