import { VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './table.module.css'

type Direction = 'ascending' | 'descending' | 'none'

export interface Column<Row> {
  label: string
  cell: (row: Row) => ReactNode
  isNumber?: boolean
  /** Holds what can be done with a row: at the end of its line, under a label that is only read aloud. */
  isAction?: boolean
  className?: string | undefined
  sorting?: { direction: Direction; onSort: () => void }
}

interface DataTableProps<Row> {
  label: string
  rows: Row[]
  keyOf: (row: Row) => string | number
  /** The first one says what a row is about. */
  columns: Column<Row>[]
  className?: string | undefined
}

/** A table that falls into blocks, one a row, where it is too narrow for columns. */
export function DataTable<Row>({ label, rows, keyOf, columns, className }: DataTableProps<Row>) {
  return (
    <table className={[styles.table, styles.folding, className].filter(Boolean).join(' ')} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <ColumnHeader key={column.label} {...column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.label} scope="row" className={column.className}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.label} className={column.className} {...marksOf(column)}>
                  <span>{column.cell(row)}</span>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const ARROWS = { ascending: IconArrowUp, descending: IconArrowDown, none: null }

function ColumnHeader<Row>({ label, isNumber, isAction, sorting }: Column<Row>) {
  if (isAction)
    return (
      <th scope="col" data-end>
        <VisuallyHidden>{label}</VisuallyHidden>
      </th>
    )
  if (!sorting)
    return (
      <th scope="col" data-number={isNumber || undefined}>
        {label}
      </th>
    )
  const Arrow = ARROWS[sorting.direction]
  return (
    <th scope="col" aria-sort={sorting.direction} data-number={isNumber || undefined}>
      <button type="button" className={styles.sort} onClick={sorting.onSort}>
        {label}
        {Arrow ? <Arrow size="0.875rem" stroke={1.75} aria-hidden /> : null}
      </button>
    </th>
  )
}

function marksOf<Row>({ label, isNumber, isAction }: Column<Row>) {
  return isAction ? { 'data-end': true } : { 'data-label': label, 'data-number': isNumber || undefined }
}
