import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import type { BacktestDetail } from '../../contracts/backtests'
import { Card } from '../ui/card'
import { EquityChart, type Stretch } from './equity-chart'
import { count, money, percent, utcDay } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { useCurve } from './use-ledger'

const WHOLE: Stretch = {}

/** The equity curve with its drawdown; both zoom together, and each zoom asks for the points it can show. */
export function EquityCard({ run }: { run: BacktestDetail }) {
  const [stretch, setStretch] = useState<Stretch>(WHOLE)
  const [isLogarithmic, setLogarithmic] = useState(false)
  const whole = useCurve(run.id, WHOLE, run.point_count)
  const shown = useCurve(run.id, stretch, run.point_count)

  return (
    <Card
      title="Equity and drawdown"
      aside={
        <div className={styles.controls}>
          <Switch
            size="sm"
            label="Logarithmic"
            checked={isLogarithmic}
            onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
          />
          <Button variant="default" size="compact-sm" disabled={stretch === WHOLE} onClick={() => setStretch(WHOLE)}>
            Whole run
          </Button>
        </div>
      }
    >
      {run.point_count === 0 ? (
        <p className={styles.lead}>The curve appears here with its first points.</p>
      ) : (
        <Loaded query={whole} label="Loading the curve">
          {(all) => {
            const { times, values } = shown.data ?? all
            return (
              <>
                <EquityChart
                  times={times}
                  values={values}
                  whole={all}
                  currency={run.currency}
                  isLogarithmic={isLogarithmic}
                  onZoom={setStretch}
                />
                <p className={styles.lead}>{summary(all.times, all.values, run.currency, all.point_count)}</p>
              </>
            )
          }}
        </Loaded>
      )}
    </Card>
  )
}

/** What the picture says, for those who do not see it. */
function summary(times: number[], values: number[], currency: string, points: number): string {
  const [first, last] = [values[0], values.at(-1)]
  const [from, to] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || from === undefined || to === undefined) return ''
  const change = first > 0 ? ` (${percent(last / first - 1)})` : ''
  return `From ${money(first, currency)} on ${utcDay(from)} to ${money(last, currency)} on ${utcDay(to)}${change}, ${count(points)} points. Drag over a stretch to zoom.`
}
