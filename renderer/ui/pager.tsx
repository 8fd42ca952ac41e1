import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import styles from './pager.module.css'

/** Where somebody is among the pages of a list; another `matching` begins at the first of its own. */
export function usePages(matching: string, first: string | null = null) {
  const [place, setPlace] = useState({ matching, cursors: [first] })
  const cursors = place.matching === matching ? place.cursors : [first]
  return {
    cursor: cursors.at(-1) ?? null,
    pagesBefore: cursors.length - 1,
    goBack: () => setPlace({ matching, cursors: cursors.slice(0, -1) }),
    goOn: (next: string) => setPlace({ matching, cursors: [...cursors, next] }),
  }
}

interface PagerProps {
  pages: ReturnType<typeof usePages>
  next: string | null // the cursor of the page behind this one
  isWaiting: boolean
  back: string
  on: string
  children: ReactNode // which part of how many is shown
}

export function Pager({ pages, next, isWaiting, back, on, children }: PagerProps) {
  return (
    <div className={styles.pager}>
      <span role="status">{children}</span>
      {pages.pagesBefore > 0 || next !== null ? (
        <div>
          <Button variant="default" size="compact-sm" disabled={pages.pagesBefore === 0} onClick={pages.goBack}>
            {back}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            disabled={next === null || isWaiting}
            onClick={() => next !== null && pages.goOn(next)}
          >
            {on}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
