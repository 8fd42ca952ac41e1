import type { MonthlyReturn } from '../../contracts/metrics'
import { Card } from '../ui/card'
import { percent } from './format'
import styles from './ledger.module.css'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Months in columns, years in rows; the deeper the colour, the larger the return, in either direction. */
export function MonthlyReturnsCard({ months }: { months: MonthlyReturn[] }) {
  if (months.length === 0) return null
  const years = [...new Set(months.map(({ year }) => year))]
  const largest = Math.max(...months.map((month) => Math.abs(month.return ?? 0)), Number.MIN_VALUE)

  return (
    <Card title="Monthly returns">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label="Monthly returns, scrollable">
        <table className={styles.heat} aria-label="Monthly returns">
          <thead>
            <tr>
              <th scope="col">Year</th>
              {MONTHS.map((month) => (
                <th key={month} scope="col">
                  {month}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {years.map((year) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {MONTHS.map((name, index) => (
                  <Month
                    key={name}
                    largest={largest}
                    value={months.find((each) => each.year === year && each.month === index + 1)?.return ?? null}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  )
}

function Month({ value, largest }: { value: number | null; largest: number }) {
  if (value === null) return <td />
  const depth = Math.round((Math.abs(value) / largest) * 60)
  const tone = value < 0 ? '--bad' : '--good'
  return (
    <td style={{ background: `color-mix(in srgb, var(${tone}) ${depth * 0.6}%, transparent)` }}>{percent(value)}</td>
  )
}
