import type { GateCheck } from '../../contracts/gate-policy'
import type { GateEvidence } from '../../contracts/gates'
import table from '../ui/table.module.css'
import { factLabel, factText, thresholdText } from './facts'
import styles from './gates.module.css'
import { VerdictBadge } from './verdict'

interface ChecksTableProps {
  checks: GateCheck[]
  evidence: GateEvidence
  /** Why a rule is there, by its id. */
  reasons: Map<string, string>
}

export function ChecksTable({ checks, evidence, reasons }: ChecksTableProps) {
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
              {valueText(check, evidence)}
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

/** Whether the script's figures agree also says of how many that is told. */
function valueText({ fact, value }: GateCheck, { backtest }: GateEvidence): string {
  const told = factText(fact, value)
  if (fact !== 'hygiene.figures_agree' || !backtest?.reported) return told
  const { agreed, sent } = backtest.reported
  return `${told} (${agreed} of ${sent} agree)`
}
