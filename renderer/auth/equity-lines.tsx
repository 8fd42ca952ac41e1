import styles from './auth-layout.module.css'

const WIDTH = 800
const HEIGHT = 900
const LINES = 28

/** Decoration: a fan of rising lines, drawn from sines and standing for no data. */
export function EquityLines() {
  return (
    <svg
      aria-hidden="true"
      className={styles.lines}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="xMidYMid slice"
    >
      {PATHS.map((path, index) => (
        <path key={path} d={path} opacity={0.12 + (0.6 * index) / LINES} />
      ))}
    </svg>
  )
}

const PATHS = Array.from({ length: LINES }, (_, line) => {
  const spread = line / (LINES - 1)
  const points = Array.from({ length: 41 }, (_, step) => {
    const x = step / 40
    const rise = x ** 1.6 * (180 + 420 * spread)
    const sway = Math.sin(x * 7 + spread * 2.4) * 34 * x + Math.sin(x * 17 + spread * 5) * 11 * x
    return `${(x * WIDTH).toFixed(1)} ${(HEIGHT * 0.82 - rise + sway).toFixed(1)}`
  })
  return `M${points.join('L')}`
})
