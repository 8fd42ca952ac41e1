import { type ReactNode, useEffect, useState } from 'react'
import styles from './figures.module.css'

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A list of facts: `Facts` holds `Fact`s, a name and its value each. */
export function Facts({ inColumns, children }: { inColumns?: boolean; children: ReactNode }) {
  return (
    <dl className={styles.facts} data-columns={inColumns}>
      {children}
    </dl>
  )
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The calendar day of an instant, where the reader is. */
export function Day({ at }: { at: string | number }) {
  return <time dateTime={new Date(at).toISOString()}>{DATE.format(new Date(at))}</time>
}

/** The time of an instant, where the reader is; with its date unless that is today. */
export function Moment({ at }: { at: string | number }) {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return <time dateTime={new Date(at).toISOString()}>{(isToday ? TIME : MOMENT).format(new Date(at))}</time>
}

/** @param seconds 0 or more; shown in its two largest units, for example "3 h 12 min" */
export function Duration({ seconds }: { seconds: number }) {
  return <span>{duration(seconds)}</span>
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${days} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  if (minutes > 0) return `${minutes} min`
  return `${Math.floor(seconds)} s`
}

/** The time now, in milliseconds since 1970, that makes its component render again every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** Decoration beside words that say the same. */
export function StatusDot({ tone }: { tone: 'good' | 'bad' }) {
  return <span className={styles.dot} data-tone={tone} aria-hidden="true" />
}
