import { useState } from 'react'
import { count, percent } from './format'
import styles from './ledger.module.css'

interface HistogramProps {
  edges: number[] // fractions, one more than counts
  counts: number[]
  total: number
}

const WIDTH = 520
const HEIGHT = 210
const FOOT = 26

/** Losses to the left of zero, gains to the right; the bar that is pointed at says what it counts. */
export function Histogram({ edges, counts, total }: HistogramProps) {
  const [pointed, setPointed] = useState<number | null>(null)
  const [least, most] = [edges[0], edges.at(-1)]
  if (least === undefined || most === undefined) return <p className={styles.lead}>There are no returns to count.</p>
  const range = most - least || 1
  const x = (value: number) => ((value - least) / range) * WIDTH
  const highest = Math.max(1, ...counts)
  const edge = (index: number) => edges[index] ?? most
  return (
    <>
      <p className={styles.reading}>
        {pointed === null
          ? `${count(total)} returns, from ${percent(least)} to ${percent(most)}`
          : `${count(counts[pointed] ?? 0)} from ${percent(edge(pointed))} to ${percent(edge(pointed + 1))}`}
      </p>
      <svg
        className={styles.histogram}
        viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`}
        role="img"
        aria-label={`How ${count(total)} returns are spread, from ${percent(least)} to ${percent(most)}`}
        onPointerLeave={() => setPointed(null)}
      >
        {counts.map((each, index) => {
          const [from, to] = [x(edge(index)), x(edge(index + 1))]
          const height = (each / highest) * (HEIGHT - 8)
          const middle = (edge(index) + edge(index + 1)) / 2
          return (
            <g key={edge(index)} onPointerEnter={() => setPointed(index)}>
              <rect x={from} y={0} width={Math.max(0.5, to - from)} height={HEIGHT} fill="transparent" />
              <rect
                className={styles.histogramBar}
                data-tone={middle < 0 ? 'bad' : 'good'}
                data-pointed={pointed === index}
                x={from}
                y={HEIGHT - height}
                width={Math.max(0.5, to - from - 1)}
                height={height}
              />
            </g>
          )
        })}
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className={styles.histogramAxis} />
        {least < 0 && most > 0 ? (
          <>
            <line x1={x(0)} x2={x(0)} y1="0" y2={HEIGHT} className={styles.histogramZero} />
            <text x={x(0)} y={HEIGHT + 18} textAnchor="middle">
              0
            </text>
          </>
        ) : null}
        <text x="0" y={HEIGHT + 18}>
          {percent(least)}
        </text>
        <text x={WIDTH} y={HEIGHT + 18} textAnchor="end">
          {percent(most)}
        </text>
      </svg>
    </>
  )
}
