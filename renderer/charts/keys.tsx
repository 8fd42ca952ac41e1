import type { ReactNode } from 'react'
import styles from './charts.module.css'
import type { Tone } from './tone'

/** What each line of a chart is, in one row above it. */
export function Keys({ children }: { children: ReactNode }) {
  return <ul className={styles.keys}>{children}</ul>
}

export function Key({ tone, name, children }: { tone?: Tone; name: string; children?: ReactNode }) {
  return (
    <li>
      {tone ? <KeyLine tone={tone} /> : null}
      {name}
      {children === undefined ? null : <strong>{children}</strong>}
    </li>
  )
}

/** A piece of the line itself. */
export function KeyLine({ tone }: { tone: Tone }) {
  return (
    <svg className={styles.key} width="22" height="8" aria-hidden="true">
      <line
        x1="1"
        x2="21"
        y1="4"
        y2="4"
        stroke={`var(${tone.colour})`}
        strokeWidth="2"
        strokeDasharray={tone.dash.join(' ')}
      />
    </svg>
  )
}
