import { Link } from 'react-router'
import type { GateResult } from '../../contracts/gates'
import { NOTHING } from '../ledger/format'
import { Card } from '../ui/card'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import styles from './gates.module.css'
import { VerdictBadge } from './verdict'

/** Every evaluation there was, newest first; none of them ever changes. */
export function GateHistory({ results, shown }: { results: GateResult[]; shown: string | undefined }) {
  return (
    <Card title="History">
      {results.length === 0 ? (
        <p className={styles.quiet}>No evaluation yet.</p>
      ) : (
        <DataTable
          label="Evaluations"
          rows={results}
          keyOf={({ id }) => id}
          columns={[
            {
              label: 'Evaluated',
              cell: ({ id, created_at }) => (
                <Link to={`?result=${id}`} aria-current={id === shown ? 'true' : undefined}>
                  <Moment at={created_at} />
                </Link>
              ),
            },
            { label: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
            {
              label: 'Checks passed',
              cell: ({ checks }) =>
                `${checks.filter(({ verdict }) => verdict === 'passed').length} of ${checks.length}`,
            },
            { label: 'Version', cell: ({ strategy_version }) => strategy_version },
            { label: 'Policy', cell: ({ policy_version: version }) => (version === null ? NOTHING : `v${version}`) },
            { label: 'By', cell: ({ author_name }) => author_name ?? NOTHING },
          ]}
        />
      )}
    </Card>
  )
}
