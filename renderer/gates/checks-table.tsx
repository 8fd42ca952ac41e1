import type { GateCheck } from '../../contracts/gate-policy'
import type { GateEvidence } from '../../contracts/gates'
import { DataTable } from '../ui/data-table'
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
    <DataTable
      label="Checks"
      rows={checks}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Check',
          cell: ({ id, fact }) => (
            <>
              {factLabel(fact)}
              {reasons.has(id) ? <span className={styles.why}>{reasons.get(id)}</span> : null}
            </>
          ),
        },
        { label: 'Value', isNumber: true, cell: (check) => valueText(check, evidence) },
        { label: 'Asked for', isNumber: true, cell: thresholdText },
        { label: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
      ]}
    />
  )
}

/** Whether the script's figures agree also says of how many that is told. */
function valueText({ fact, value }: GateCheck, { backtest }: GateEvidence): string {
  const told = factText(fact, value)
  if (fact !== 'hygiene.figures_agree' || !backtest?.reported) return told
  const { agreed, sent } = backtest.reported
  return `${told} (${agreed} of ${sent} agree)`
}
