import { Button } from '@mantine/core'
import { Notice } from './notice'

interface ProblemProps {
  error: Error
  onRetry?: () => unknown
}

/** Something failed and the page cannot show what it should. Every error of `api.ts` is a sentence for people. */
export function Problem({ error, onRetry }: ProblemProps) {
  return (
    <div role="alert">
      <Notice tone="bad">
        {error.message}{' '}
        {onRetry ? (
          <Button variant="default" size="compact-sm" onClick={() => onRetry()}>
            Try again
          </Button>
        ) : null}
      </Notice>
    </div>
  )
}
