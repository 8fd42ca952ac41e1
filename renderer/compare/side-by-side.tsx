import type { ReactNode } from 'react'
import type { BacktestDetail } from '../../contracts/backtests'
import { runName } from '../ledger/run-name'
import styles from './compare.module.css'
import { letterOf } from './letters'

interface SideBySideProps {
  label: string
  /** What a row is about. */
  about: string
  runs: BacktestDetail[]
  children: ReactNode // rows
}

/** A table with a column for each run, which scrolls by itself where the runs are many. */
export function SideBySide({ label, about, runs, children }: SideBySideProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={`${label}, scrollable`}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{about}</th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col" title={runName(run)}>
                <strong>{letterOf(index)}</strong> {runName(run)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
