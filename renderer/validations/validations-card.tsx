import { Link } from 'react-router'
import type { Validation } from '../../contracts/validations'
import { VerdictBadge } from '../gates/verdict'
import { NOTHING, percent, ratio, utcDay } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import table from '../ui/table.module.css'
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
    <table className={`${table.table} ${table.folding}`} aria-label="Validations">
      <thead>
        <tr>
          <th scope="col">Period</th>
          <th scope="col">Verdict</th>
          <th scope="col" data-number>
            Windows
          </th>
          <th scope="col" data-number>
            In-sample Sharpe
          </th>
          <th scope="col" data-number>
            Out-of-sample Sharpe
          </th>
          <th scope="col" data-number>
            Degradation
          </th>
          <th scope="col">Version</th>
        </tr>
      </thead>
      <tbody>
        {validations.map((each) => (
          <tr key={each.id}>
            <th scope="row">
              <Link to={`/validations/${each.id}`}>{periodOf(each)}</Link>
              <span className={styles.under}>
                {SOURCES[each.source]}, <Moment at={each.created_at} />
              </span>
            </th>
            <td data-label="Verdict">
              <span>
                <VerdictBadge verdict={each.verdict} />
              </span>
            </td>
            <td data-label="Windows" data-number>
              {each.window_count}
            </td>
            <td data-label="In-sample Sharpe" data-number>
              {ratio(each.in_sample_sharpe)}
            </td>
            <td data-label="Out-of-sample Sharpe" data-number>
              {ratio(each.out_of_sample_sharpe)}
            </td>
            <td data-label="Degradation" data-number>
              {percent(each.degradation)}
            </td>
            <td data-label="Version">{each.strategy_version}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
