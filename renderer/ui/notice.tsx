import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './notice.module.css'

const ICONS = { bad: IconAlertTriangle, good: IconCircleCheck, plain: IconInfoCircle }
type Tone = keyof typeof ICONS

/** One sentence with its tone, told by icon and words and not by colour alone. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = ICONS[tone]
  return (
    <div className={styles.notice} data-tone={tone}>
      <Icon size="1.125rem" stroke={1.75} aria-hidden />
      <div>{children}</div>
    </div>
  )
}

/** A notice that comes and goes. Its live region stays, because only what appears inside a known one is announced. */
export function LiveNotice({ tone, children }: { tone: Tone; children: string | null }) {
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'}>{children ? <Notice tone={tone}>{children}</Notice> : null}</div>
  )
}
