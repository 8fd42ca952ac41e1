import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { Backtest, BacktestDetail, CurveReply } from '../../contracts/backtests'
import { type Span, type Stretch, spanOf, WHOLE } from '../charts/zoom'
import { ZoomButtons } from '../charts/zoom-buttons'
import { Card } from '../ui/card'
import { useSettled } from '../ui/use-settled'
import { BenchmarkChoice, benchmarkOn } from './benchmark'
import { EquityCurves } from './equity-curves'
import { count, money, percent, utcDay } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { useCurve } from './use-runs'

const SETTLED_MS = 120

/** The equity curve with its drawdown; both zoom together, and each zoom asks for the points it can show. */
export function EquityCard({ run }: { run: BacktestDetail }) {
  const [stretch, setStretch] = useState<Stretch>(WHOLE)
  const [isLogarithmic, setLogarithmic] = useState(false)
  const whole = useCurve(run.id, WHOLE, run.point_count)
  const shown = useCurve(run.id, useSettled(stretch, SETTLED_MS), run.point_count)
  const [benchmark, setBenchmark] = useState<Backtest | null>(null)
  const other = useCurve(benchmark?.id ?? '', WHOLE, benchmark?.point_count ?? 0)
  const extent = { from: whole.data?.times[0] ?? 0, to: whole.data?.times.at(-1) ?? 0 }

  return (
    <Card
      title="Equity and drawdown"
      aside={
        <div className={styles.controls}>
          <BenchmarkChoice run={run} chosen={benchmark} onChoose={setBenchmark} />
          <Switch
            size="sm"
            label="Logarithmic"
            checked={isLogarithmic}
            onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
          />
          <ZoomButtons stretch={stretch} whole={extent} onZoom={setStretch} />
        </div>
      }
    >
      {run.point_count === 0 ? (
        <p className={styles.lead}>The curve appears here with its first points.</p>
      ) : (
        <Loaded query={whole} label="Loading the curve">
          {(all) => {
            const drawn = covers(shown.data, spanOf(stretch, extent)) ? shown.data : all
            return (
              <>
                <EquityCurves
                  shown={drawn}
                  whole={all}
                  benchmark={benchmarkOn(drawn, all, benchmark, other.data)}
                  currency={run.currency}
                  isLogarithmic={isLogarithmic}
                  stretch={stretch}
                  extent={extent}
                  onZoom={setStretch}
                />
                <p className={styles.lead}>{summary(all, run.currency)}</p>
              </>
            )
          }}
        </Loaded>
      )}
    </Card>
  )
}

/** Until the points of a wider or another stretch are there, the whole curve's show the way. */
function covers(curve: CurveReply | undefined, { from, to }: Span): curve is CurveReply {
  const [first, last] = [curve?.times[0], curve?.times.at(-1)]
  return first !== undefined && last !== undefined && first <= from && last >= to
}

/** What the picture says, for those who do not see it. */
function summary({ times, values, point_count }: CurveReply, currency: string): string {
  const [first, last] = [values[0], values.at(-1)]
  const [from, to] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined || from === undefined || to === undefined) return ''
  const change = first > 0 ? ` (${percent(last / first - 1)})` : ''
  return `From ${money(first, currency)} on ${utcDay(from)} to ${money(last, currency)} on ${utcDay(to)}${change}, ${count(point_count)} points. Drag over a stretch to zoom; a wheel zooms with Ctrl, and moves with Shift.`
}
