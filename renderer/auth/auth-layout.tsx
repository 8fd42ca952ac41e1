import { type ReactNode, useEffect, useId, useRef } from 'react'
import { ThemeSwitch } from '../app/theme-switch'
import { BrandMark } from '../ui/brand'
import { useTitle } from '../ui/page'
import styles from './auth-layout.module.css'
import { EquityLines } from './equity-lines'
import { ServerLine } from './server-line'

interface AuthLayoutProps {
  title: string
  lead?: ReactNode
  footer: ReactNode
  children: ReactNode
}

/** The pages for guests: the form, and beside it, where there is room, the brand. */
export function AuthLayout({ title, lead, footer, children }: AuthLayoutProps) {
  const headingId = useId()
  const form = useRef<HTMLDivElement>(null)
  useTitle(title)

  // Whoever comes here comes to type. The form carries the page's name, so the field is announced together with it.
  useEffect(() => {
    const fields = form.current?.querySelectorAll('input') ?? []
    Array.from(fields)
      .find((field) => field.value === '')
      ?.focus()
  }, [])

  return (
    <div className={styles.split}>
      <main className={styles.side} aria-labelledby={headingId}>
        <div className={styles.top}>
          <span className={styles.brand}>
            <BrandMark />
            Aurelius
          </span>
          <ThemeSwitch />
        </div>
        <div ref={form} className={styles.form}>
          <div className={styles.head}>
            <h1 id={headingId}>{title}</h1>
            {lead ? <p>{lead}</p> : null}
          </div>
          {children}
          {footer ? <p className={styles.footer}>{footer}</p> : null}
        </div>
        <ServerLine />
      </main>
      <div className={styles.poster} aria-hidden="true">
        <EquityLines />
        <p>The research desk for quantitative analysts.</p>
      </div>
    </div>
  )
}
