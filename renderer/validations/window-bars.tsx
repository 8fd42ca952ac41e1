import type { ValidationWindow } from '../../contracts/validations'
import { percent, ratio } from '../ledger/format'
import styles from './validations.module.css'

const WINDOW_WIDTH = 56
const HEIGHT = 200
const TOP = 20
const BAR = 18
const LEFT = 40

/** For each window two bars from zero: what the parameters were chosen on is hatched, what they had never seen is full. */
export function WindowBars({ windows }: { windows: ValidationWindow[] }) {
  const sharpes = windows.flatMap(({ in_sample, out_of_sample }) => [
    in_sample.sharpe_ratio ?? 0,
    out_of_sample.sharpe_ratio ?? 0,
  ])
  const [least, most] = [Math.min(0, ...sharpes), Math.max(0, ...sharpes)]
  const range = most - least || 1
  const y = (value: number) => TOP + ((most - value) / range) * HEIGHT
  const width = LEFT + windows.length * WINDOW_WIDTH
  const ticks = ticksBetween(least, most)

  return (
    <figure className={styles.bars}>
      <figcaption className={styles.key}>
        <span data-kind="in">In sample</span> <span data-kind="out">Out of sample</span>
        <span>Below each window: its degradation</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label="Bars of the windows, scrollable">
        <svg
          role="img"
          aria-label="Sharpe ratio in and out of sample for each window; the table below has the figures"
          viewBox={`0 0 ${width} ${TOP + HEIGHT + 44}`}
          width={width}
          height={TOP + HEIGHT + 44}
        >
          <defs>
            <pattern id="in-sample" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" className={styles.hatchGround} />
              <line y2="6" className={styles.hatch} />
            </pattern>
          </defs>
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} className={tick === 0 ? styles.zero : styles.grid} />
              <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
                {ratio(tick)}
              </text>
            </g>
          ))}
          {windows.map(({ in_sample, out_of_sample, degradation }, index) => {
            const x = LEFT + index * WINDOW_WIDTH + WINDOW_WIDTH / 2
            return (
              <g key={`${in_sample.start_date} ${out_of_sample.start_date}`}>
                <Bar x={x - BAR - 1} value={in_sample.sharpe_ratio} y={y} kind="in" />
                <Bar x={x + 1} value={out_of_sample.sharpe_ratio} y={y} kind="out" />
                <text x={x} y={TOP + HEIGHT + 20} textAnchor="middle" className={styles.number}>
                  {index + 1}
                </text>
                <text x={x} y={TOP + HEIGHT + 37} textAnchor="middle">
                  {percent(degradation === null ? null : Math.round(degradation * 100) / 100).replace(/\.00/, '')}
                </text>
              </g>
            )
          })}
        </svg>
      </section>
    </figure>
  )
}

interface BarProps {
  x: number
  value: number | null
  y: (value: number) => number
  kind: 'in' | 'out'
}

function Bar({ x, value, y, kind }: BarProps) {
  if (value === null) return null
  const [from, to] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))]
  return (
    <rect x={x} y={from} width={BAR} height={Math.max(1, to - from)} rx="2" data-kind={kind} className={styles.bar}>
      <title>{ratio(value)}</title>
    </rect>
  )
}

/** Round numbers, four or so. */
function ticksBetween(least: number, most: number): number[] {
  const rough = (most - least || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power
  const first = Math.ceil(least / step)
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, index) => (first + index) * step)
}
