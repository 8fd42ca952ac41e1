import type { ReactNode } from 'react'
import styles from './badge.module.css'

/** A word that stands out; the colour only underlines it. */
export function Badge({
  tone = 'plain',
  children,
}: {
  tone?: 'good' | 'bad' | 'waiting' | 'plain'
  children: ReactNode
}) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}
