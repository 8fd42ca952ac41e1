import { Button } from '@mantine/core'
import { Notice } from './notice'
import styles from './notice.module.css'

interface ProblemProps {
  error: Error
  onRetry?: () => unknown
}

/** Something failed and the page cannot show what it should. Every error of `api.ts` is a sentence for people. */
export function Problem({ error, onRetry }: ProblemProps) {
  return (
    <div role="alert">
      <Notice tone="bad">
        <span className={styles.text}>{error.message}</span>
        {onRetry ? (
          <Button variant="default" size="compact-sm" onClick={() => onRetry()}>
            Try again
          </Button>
        ) : null}
      </Notice>
    </div>
  )
}
