import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import type { CurveReply } from '../../contracts/backtests'
import { money, percent } from './format'
import styles from './ledger.module.css'

/** Part of a curve, in ms UTC; without bounds all of it. */
export interface Stretch {
  from?: number
  to?: number
}

interface EquityChartProps {
  times: number[] // ms UTC
  values: number[]
  /** The whole curve, in as many points as a picture has: drawdown counts from its highs. */
  whole: CurveReply
  currency: string
  isLogarithmic: boolean
  onZoom: (stretch: Stretch) => void
}

const EQUITY_HEIGHT = 320
const DRAWDOWN_HEIGHT = 140
const AXIS_WIDTH = 84

export function EquityChart({ times, values, whole, currency, isLogarithmic, onZoom }: EquityChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of the scheme are read from the page
  useEffect(() => {
    const element = place.current
    if (!element) return
    const colours = coloursOf(element)
    const sync = uPlot.sync(`equity-${Math.random()}`)
    const common = { width: element.clientWidth, colours, zoom: onZoom, sync: sync.key }
    const canBeLogarithmic = isLogarithmic && values.every((value) => value > 0)
    const charts = [
      new uPlot(
        options({
          ...common,
          height: EQUITY_HEIGHT,
          label: 'Equity',
          stroke: colours.line,
          isLogarithmic: canBeLogarithmic,
          format: (value) => money(value, currency),
        }),
        [times, values],
        element,
      ),
      new uPlot(
        options({
          ...common,
          height: DRAWDOWN_HEIGHT,
          label: 'Drawdown',
          stroke: colours.bad,
          fill: colours.badGround,
          isLogarithmic: false,
          format: percent,
        }),
        [times, drawdowns(times, values, whole)],
        element,
      ),
    ]
    for (const chart of charts) sync.sub(chart)
    const resized = new ResizeObserver(() => {
      for (const chart of charts) chart.setSize({ width: element.clientWidth, height: chart.height })
    })
    resized.observe(element)
    return () => {
      resized.disconnect()
      for (const chart of charts) chart.destroy()
    }
  }, [times, values, whole, currency, isLogarithmic, onZoom, scheme])

  return <div ref={place} className={styles.chart} role="img" aria-label="Equity curve with its drawdown below" />
}

interface ChartOptions {
  width: number
  height: number
  label: string
  colours: Colours
  stroke: string
  fill?: string
  sync: string
  isLogarithmic: boolean
  format: (value: number) => string
  zoom: (stretch: Stretch) => void
}

function options(chart: ChartOptions): uPlot.Options {
  const { width, height, label, colours, stroke, fill, sync, isLogarithmic, format, zoom } = chart
  const axis = {
    stroke: colours.quiet,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    font: '12px "Inter Variable", sans-serif',
  }
  return {
    width,
    height,
    ms: 1,
    tzDate: (milliseconds) => uPlot.tzDate(new Date(milliseconds), 'Etc/UTC'),
    cursor: { sync: { key: sync, scales: ['x', null] }, drag: { x: true, y: false, setScale: false } },
    legend: { show: true },
    scales: { x: { time: true }, y: isLogarithmic ? { distr: 3, log: 10 } : {} },
    series: [
      {
        label: 'Day',
        value: (_chart, at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10)),
      },
      {
        label,
        stroke,
        ...(fill ? { fill } : {}),
        width: 1.5,
        points: { show: false },
        value: (_chart, value: number | null) => (value === null ? '' : format(value)),
      },
    ],
    axes: [
      axis,
      {
        ...axis,
        size: AXIS_WIDTH,
        values: (_chart, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))),
      },
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return
          const at = (pixel: number) => Math.round(plot.posToVal(pixel, 'x'))
          zoom({ from: at(plot.select.left), to: at(plot.select.left + plot.select.width) })
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
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

interface Colours {
  line: string
  quiet: string
  grid: string
  bad: string
  badGround: string
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: read('--accent'),
    quiet: read('--ink-quiet'),
    grid: read('--line'),
    bad: read('--bad'),
    badGround: read('--bad-ground'),
  }
}
