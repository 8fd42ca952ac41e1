import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useEffectEvent, useRef } from 'react'
import uPlot from 'uplot'
import styles from './charts.module.css'
import { type TickFormat, tickTexts, widthOf } from './ticks'
import type { Tone } from './tone'
import { drawnOver, moved, type Span, type Stretch, zoomed } from './zoom'

export interface Line {
  name: string
  values: (number | null)[] // one for each time
  tone: Tone
  isFilled?: boolean
}

interface TimeChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string
  times: number[] // ms UTC
  lines: Line[]
  height: number // pixels
  format: TickFormat
  /** What is shown; both charts of a pair get the same. */
  span: Span
  whole: Span
  isLogarithmic?: boolean
  hasTimeAxis?: boolean
  /** Charts of one group share the crosshair. */
  group?: string
  onZoom?: (stretch: Stretch) => void
  /** Which of the times is pointed at; null: none. */
  onPoint?: (index: number | null) => void
}

const FONT = '12px "Inter Variable", sans-serif'
const LINE = 1.5
// What fits a sheet of A4 or Letter between its margins.
const PAPER_WIDTH = 670
const PAPER_SHARE = 0.75 // of the height in the window
// The same for each, so that charts below each other share their edges.
const EDGES: uPlot.Padding = [8, 16, 4, 0]

/** Lines over time. What changes is drawn anew within the same canvas, so that zooming keeps up with the hand. */
export function TimeChart(props: TimeChartProps) {
  const { label, times, lines, height, format, span, isLogarithmic = false, hasTimeAxis = true, group } = props
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const scheme = useComputedColorScheme('light')
  const looks = lines.map(({ name, tone, isFilled }) => `${name}${tone.colour}${tone.dash}${isFilled}`).join('|')
  const draw = useEffectEvent((one: number, other: number) => props.onZoom?.(drawnOver(one, other, props.whole)))
  const pinch = useEffectEvent((factor: number, at: number) => props.onZoom?.(zoomed(span, props.whole, factor, at)))
  const pan = useEffectEvent((share: number) => props.onZoom?.(moved(span, props.whole, share)))
  const point = useEffectEvent((index: number | null) => props.onPoint?.(index))
  const data = useEffectEvent((): uPlot.AlignedData => [times, ...lines.map(({ values }) => values)])
  const show = useEffectEvent(() => plot.current?.setScale('x', { min: span.from, max: span.to }))
  const look = useEffectEvent((element: HTMLElement, colour: (name: string) => string) => {
    const quiet = () => colour('--ink-quiet')
    const axis = { stroke: quiet, grid: { stroke: () => colour('--line'), width: 1 }, font: FONT }
    return {
      width: element.clientWidth,
      height,
      padding: EDGES,
      ms: 1,
      tzDate: (milliseconds) => uPlot.tzDate(new Date(milliseconds), 'Etc/UTC'),
      cursor: {
        ...(group ? { sync: { key: group, scales: ['x', null] } } : {}),
        drag: { x: props.onZoom !== undefined, y: false, setScale: false },
        points: { size: 7 },
      },
      legend: { show: false },
      scales: { x: { time: true, auto: false }, y: isLogarithmic ? { distr: 3, log: 10 } : {} },
      series: [
        {},
        ...lines.map(({ name, tone, isFilled }) => ({
          label: name,
          stroke: () => colour(tone.colour),
          ...(isFilled ? { fill: () => colour('--bad-ground') } : {}),
          dash: tone.dash,
          width: LINE,
          spanGaps: false,
          points: { show: false },
        })),
      ],
      axes: [
        { ...axis, show: hasTimeAxis, ticks: { show: false } },
        {
          ...axis,
          ticks: { show: false },
          size: (_plot, texts) => widthOf(texts),
          values: (_plot, ticks) => tickTexts(ticks, format),
        },
      ],
      hooks: {
        setCursor: [({ cursor }) => point(cursor.idx ?? null)],
        setSelect: [
          (chart) => {
            if (chart.select.width < 4) return
            const at = (pixel: number) => chart.posToVal(pixel, 'x')
            draw(at(chart.select.left), at(chart.select.left + chart.select.width))
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          },
        ],
      },
    } satisfies uPlot.Options
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart is made anew where its look changes
  useEffect(() => {
    const element = place.current
    if (!element) return
    let colours = readColours(element)
    const chart = new uPlot(
      look(element, (name) => colours(name)),
      data(),
      element,
    )
    plot.current = chart
    show()
    // A wheel turns more often than a picture is drawn: what it asked for within a frame is done at once.
    let turned: { zoom: number; at: number; pan: number } | null = null
    let frame = 0
    const onFrame = () => {
      const asked = turned
      turned = null
      if (asked && asked.zoom !== 1) pinch(asked.zoom, asked.at)
      else if (asked) pan(asked.pan)
    }
    const onWheel = (event: WheelEvent) => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      if (!event.ctrlKey && !isSideways) return
      event.preventDefault()
      const width = Math.max(1, chart.over.clientWidth)
      turned ??= { zoom: 1, at: 0, pan: 0 }
      if (event.ctrlKey) turned.zoom *= event.deltaY > 0 ? 1.15 : 1 / 1.15
      else turned.pan += (event.deltaX || event.deltaY) / width
      turned.at = event.offsetX / width
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(onFrame)
    }
    chart.over.addEventListener('wheel', onWheel, { passive: false })
    // At once: nothing is drawn any more once the event is over.
    const redraw = (size: { width: number; height: number }) => {
      colours = readColours(element)
      chart.batch(() => {
        chart.setSize(size)
        chart.redraw(false, true)
      })
    }
    const toPaper = () => redraw({ width: PAPER_WIDTH, height: Math.round(height * PAPER_SHARE) })
    const toWindow = () => redraw({ width: element.clientWidth, height })
    window.addEventListener('beforeprint', toPaper)
    window.addEventListener('afterprint', toWindow)
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('beforeprint', toPaper)
      window.removeEventListener('afterprint', toWindow)
      resized.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [scheme, height, isLogarithmic, hasTimeAxis, group, looks])

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn has changed
  useEffect(() => {
    plot.current?.setData(data(), false)
    show()
  }, [times, lines])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same is drawn over another span
  useEffect(show, [span.from, span.to])

  return <div ref={place} className={styles.chart} role="img" aria-label={label} />
}

/** The colours of the scheme that is set, each read once. */
function readColours(element: HTMLElement): (name: string) => string {
  const style = getComputedStyle(element)
  const known = new Map<string, string>()
  return (name) => {
    const colour = known.get(name) ?? style.getPropertyValue(name).trim()
    known.set(name, colour)
    return colour
  }
}
