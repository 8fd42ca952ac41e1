import type { ValidationSpan, ValidationWindow } from '../../contracts/validations'
import { percent, ratio, utcDay } from '../ledger/format'
import table from '../ui/table.module.css'
import styles from './validations.module.css'

export function WindowsTable({ windows }: { windows: ValidationWindow[] }) {
  return (
    <table className={`${table.table} ${table.folding}`} aria-label="Windows">
      <thead>
        <tr>
          <th scope="col">Window</th>
          <th scope="col">In sample</th>
          <th scope="col">Out of sample</th>
          <th scope="col" data-number>
            In-sample Sharpe
          </th>
          <th scope="col" data-number>
            Out-of-sample Sharpe
          </th>
          <th scope="col" data-number>
            Degradation
          </th>
          <th scope="col" data-number>
            Return outside
          </th>
        </tr>
      </thead>
      <tbody>
        {windows.map(({ in_sample, out_of_sample, degradation }, index) => (
          <tr key={`${in_sample.start_date} ${out_of_sample.start_date}`}>
            <th scope="row" className={styles.index}>
              {index + 1}
            </th>
            <td data-label="In sample">{spanText(in_sample)}</td>
            <td data-label="Out of sample">{spanText(out_of_sample)}</td>
            <td data-label="In-sample Sharpe" data-number>
              {ratio(in_sample.sharpe_ratio)}
            </td>
            <td data-label="Out-of-sample Sharpe" data-number>
              {ratio(out_of_sample.sharpe_ratio)}
            </td>
            <td data-label="Degradation" data-number>
              {percent(degradation)}
            </td>
            <td data-label="Return outside" data-number>
              {percent(out_of_sample.total_return)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function spanText({ start_date, end_date }: ValidationSpan): string {
  return `${utcDay(start_date)} – ${utcDay(end_date)}`
}
