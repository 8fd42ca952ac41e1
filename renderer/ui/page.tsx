import { createContext, type ReactNode, type RefObject, use, useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import styles from './page.module.css'

/** The key of the place where the document was loaded. */
export const FirstLocation = createContext('')

interface PageProps {
  title: string
  lead?: ReactNode
  /** Links to what the page is part of, the widest first. */
  trail?: ReactNode
  children: ReactNode
}

/** A page inside the frame: its heading, and what has to happen when somebody arrives at it. */
export function Page({ title, lead, trail, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(title)
  useFocusOnArrival(heading)

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        {trail ? (
          <nav aria-label="Part of" className={styles.trail}>
            {trail}
          </nav>
        ) : null}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead ? <p>{lead}</p> : null}
      </div>
      {children}
    </div>
  )
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Aurelius`
  }, [title])
}

/** A screen reader says where it is only when the focus moves there. The first load announces itself. */
function useFocusOnArrival(heading: RefObject<HTMLElement | null>) {
  const { key } = useLocation()
  const firstKey = use(FirstLocation)
  // Looked at once: a page may change its own address while somebody types.
  const [isFirstLoad] = useState(key === firstKey)
  useEffect(() => {
    if (isFirstLoad) return
    window.scrollTo(0, 0)
    heading.current?.focus()
  }, [isFirstLoad, heading])
}
