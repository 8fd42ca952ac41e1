import { useId, useMemo, useState } from 'react'
import type { CurveReply } from '../../contracts/backtests'
import { Key, Keys } from '../charts/keys'
import { type Line, TimeChart } from '../charts/time-chart'
import { BAD, toneOf } from '../charts/tone'
import { type Span, type Stretch, spanOf } from '../charts/zoom'
import { money, NOTHING, percent, shortMoney, shortPercent, utcDay } from './format'

interface EquityCurvesProps {
  shown: CurveReply
  /** The whole curve, in as many points as a picture has: drawdown counts from its highs. */
  whole: CurveReply
  /** Another curve in the scale of this one, at the times of `shown`. */
  benchmark: { name: string; values: (number | null)[] } | null
  currency: string
  isLogarithmic: boolean
  stretch: Stretch
  extent: Span
  onZoom: (stretch: Stretch) => void
}

const EQUITY_HEIGHT = 300
const DRAWDOWN_HEIGHT = 150
const EQUITY = toneOf(0)
const BENCHMARK = toneOf(1)

/** The equity curve, and below it how far it is under its high; one crosshair and one zoom for both. */
export function EquityCurves(props: EquityCurvesProps) {
  const { shown, whole, benchmark, currency, isLogarithmic, stretch, extent, onZoom } = props
  const [pointed, setPointed] = useState<number | null>(null)
  const group = useId()
  const { times, values } = shown
  const falls = useMemo(() => drawdowns(times, values, whole), [times, values, whole])
  const equityLines = useMemo<Line[]>(
    () => [
      { name: 'Equity', values, tone: EQUITY },
      ...(benchmark ? [{ name: benchmark.name, values: benchmark.values, tone: BENCHMARK }] : []),
    ],
    [values, benchmark],
  )
  const fallLines = useMemo<Line[]>(() => [{ name: 'Drawdown', values: falls, tone: BAD, isFilled: true }], [falls])
  const common = { times, span: spanOf(stretch, extent), whole: extent, group, onZoom, onPoint: setPointed }
  const at = pointed ?? times.length - 1
  const besides = benchmark?.values[at] ?? null

  return (
    <>
      <Keys>
        <Key name={times[at] === undefined ? '' : utcDay(times[at])} />
        <Key name="Equity" tone={EQUITY}>
          {values[at] === undefined ? NOTHING : money(values[at], currency)}
        </Key>
        {benchmark ? (
          <Key name={benchmark.name} tone={BENCHMARK}>
            {besides === null ? NOTHING : money(besides, currency)}
          </Key>
        ) : null}
        <Key name="Drawdown" tone={BAD}>
          {percent(falls[at] ?? null)}
        </Key>
      </Keys>
      <TimeChart
        {...common}
        label="Equity curve"
        lines={equityLines}
        height={EQUITY_HEIGHT}
        hasTimeAxis={false}
        isLogarithmic={isLogarithmic && isAboveZero(equityLines)}
        format={shortMoney}
      />
      <TimeChart {...common} label="Drawdown" lines={fallLines} height={DRAWDOWN_HEIGHT} format={shortPercent} />
    </>
  )
}

function isAboveZero(lines: Line[]): boolean {
  return lines.every(({ values }) => values.every((value) => value === null || value > 0))
}

/** How far each value is below the highest before it, as a fraction: 0 at a high, −0.2 a fifth below. */
function drawdowns(times: number[], values: number[], whole: CurveReply): number[] {
  let high = Number.NEGATIVE_INFINITY
  const start = times[0] ?? 0
  for (const [index, at] of whole.times.entries()) if (at < start) high = Math.max(high, whole.values[index] ?? high)
  return values.map((value) => {
    high = Math.max(high, value)
    return high > 0 ? value / high - 1 : 0
  })
}
