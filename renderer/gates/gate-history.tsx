import { Link } from 'react-router'
import type { GateResult } from '../../contracts/gates'
import { NOTHING } from '../ledger/format'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import table from '../ui/table.module.css'
import styles from './gates.module.css'
import { VerdictBadge } from './verdict'

/** Every evaluation there was, newest first; none of them ever changes. */
export function GateHistory({ results, shown }: { results: GateResult[]; shown: string | undefined }) {
  return (
    <Card title="History">
      {results.length === 0 ? (
        <p className={styles.quiet}>No evaluation yet.</p>
      ) : (
        <table className={`${table.table} ${table.folding}`} aria-label="Evaluations">
          <thead>
            <tr>
              <th scope="col">Evaluated</th>
              <th scope="col">Verdict</th>
              <th scope="col">Checks passed</th>
              <th scope="col">Version</th>
              <th scope="col">Policy</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {results.map((result) => (
              <tr key={result.id}>
                <th scope="row">
                  <Link to={`?result=${result.id}`} aria-current={result.id === shown ? 'true' : undefined}>
                    <Moment at={result.created_at} />
                  </Link>
                </th>
                <td data-label="Verdict">
                  <span>
                    <VerdictBadge verdict={result.verdict} />
                  </span>
                </td>
                <td data-label="Checks passed">
                  {result.checks.filter(({ verdict }) => verdict === 'passed').length} of {result.checks.length}
                </td>
                <td data-label="Version">{result.strategy_version}</td>
                <td data-label="Policy">{result.policy_version === null ? NOTHING : `v${result.policy_version}`}</td>
                <td data-label="By">{result.author_name ?? NOTHING}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
