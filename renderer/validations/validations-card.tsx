import { Link } from 'react-router'
import type { Validation } from '../../contracts/validations'
import { VerdictBadge } from '../gates/verdict'
import { NOTHING, percent, ratio, utcDay } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import styles from './validations.module.css'
import { useValidations } from './validations-api'

export function ValidationsCard({ strategyId }: { strategyId: string }) {
  const list = useValidations(strategyId)
  return (
    <Card title="Validations">
      <Loaded query={list} label="Loading the validations">
        {({ validations }) =>
          validations.length === 0 ? (
            <p className={styles.quiet}>
              None yet. A completed run can be cut into walk-forward windows on its page; a script that optimises in
              each window records its own.
            </p>
          ) : (
            <ValidationsTable validations={validations} />
          )
        }
      </Loaded>
    </Card>
  )
}

function ValidationsTable({ validations }: { validations: Validation[] }) {
  return (
    <DataTable
      label="Validations"
      rows={validations}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Period',
          cell: (each) => (
            <>
              <Link to={`/validations/${each.id}`}>{periodOf(each)}</Link>
              <span className={styles.under}>
                {SOURCES[each.source]}, <Moment at={each.created_at} />
              </span>
            </>
          ),
        },
        { label: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
        { label: 'Windows', isNumber: true, cell: ({ window_count }) => window_count },
        { label: 'In-sample Sharpe', isNumber: true, cell: (each) => ratio(each.in_sample_sharpe) },
        { label: 'Out-of-sample Sharpe', isNumber: true, cell: (each) => ratio(each.out_of_sample_sharpe) },
        { label: 'Degradation', isNumber: true, cell: ({ degradation }) => percent(degradation) },
        { label: 'Version', cell: ({ strategy_version }) => strategy_version },
      ]}
    />
  )
}

export const SOURCES = {
  cut: 'Cut from a recorded curve',
  posted: "A script's own windows",
  adopted: 'From another system',
} as const satisfies Record<Validation['source'], string>

export function periodOf({ start_date, end_date }: Pick<Validation, 'start_date' | 'end_date'>): string {
  if (start_date === null || end_date === null) return NOTHING
  return `${utcDay(start_date)} – ${utcDay(end_date)}`
}
