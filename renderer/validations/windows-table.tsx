import type { ValidationSpan, ValidationWindow } from '../../contracts/validations'
import { percent, ratio, utcDay } from '../ledger/format'
import { DataTable } from '../ui/data-table'
import styles from './validations.module.css'

export function WindowsTable({ windows }: { windows: ValidationWindow[] }) {
  return (
    <DataTable
      label="Windows"
      rows={windows.map((window, index) => ({ ...window, number: index + 1 }))}
      keyOf={({ number }) => number}
      columns={[
        { label: 'Window', className: styles.index, cell: ({ number }) => number },
        { label: 'In sample', cell: ({ in_sample }) => spanText(in_sample) },
        { label: 'Out of sample', cell: ({ out_of_sample }) => spanText(out_of_sample) },
        { label: 'In-sample Sharpe', isNumber: true, cell: ({ in_sample }) => ratio(in_sample.sharpe_ratio) },
        {
          label: 'Out-of-sample Sharpe',
          isNumber: true,
          cell: ({ out_of_sample }) => ratio(out_of_sample.sharpe_ratio),
        },
        { label: 'Degradation', isNumber: true, cell: ({ degradation }) => percent(degradation) },
        { label: 'Return outside', isNumber: true, cell: ({ out_of_sample }) => percent(out_of_sample.total_return) },
      ]}
    />
  )
}

function spanText({ start_date, end_date }: ValidationSpan): string {
  return `${utcDay(start_date)} – ${utcDay(end_date)}`
}
