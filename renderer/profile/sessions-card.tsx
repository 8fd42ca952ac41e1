import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import { UnreachableError } from '../api'
import { Card } from '../ui/card'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './sessions.module.css'
import { SessionsTable } from './sessions-table'
import { useRevokeOthers, useRevokeSession, useSessions } from './use-sessions'

/** Where the person is signed in, and how to end that from here. */
export function SessionsCard() {
  const { data, error, refetch } = useSessions()
  const body = useRef<HTMLDivElement>(null)
  const [isAsking, setAsking] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const revokeOne = useRevokeSession()
  const revokeOthers = useRevokeOthers()
  const failure = revokeOne.error ?? revokeOthers.error
  const hasOthers = data ? data.sessions.some(({ is_current }) => !is_current) : false

  /** Whatever was pressed goes away with what it ended, so the focus stays with what is left. */
  function finish(message: string) {
    setDone(message)
    body.current?.focus()
  }

  function start() {
    setDone(null)
    revokeOne.reset()
    revokeOthers.reset()
  }

  return (
    <Card title="Sessions">
      <div ref={body} tabIndex={-1} className={styles.body}>
        <p className={styles.lead}>
          Where you are signed in. A session that is used moves its end on; one that is left alone ends by itself.
        </p>
        <LiveNotice tone="good">{done}</LiveNotice>
        <LiveNotice tone="bad">{failure ? failure.message : null}</LiveNotice>
        {data ? (
          <SessionsTable
            sessions={data.sessions}
            ending={revokeOne.isPending ? revokeOne.variables : null}
            onEnd={({ id, device }) => {
              start()
              revokeOne.mutate(id, { onSuccess: () => finish(`${device} is signed out.`) })
            }}
          />
        ) : (
          <Waiting error={error} onRetry={refetch} />
        )}
        {data && !hasOthers ? <p className={styles.lead}>You are signed in nowhere else.</p> : null}
        {hasOthers ? (
          <Button variant="default" loading={revokeOthers.isPending} onClick={() => setAsking(true)}>
            Sign out everywhere else
          </Button>
        ) : null}
      </div>
      <Confirm
        isOpen={isAsking}
        question="Sign out everywhere else?"
        consequence="Every other browser, window and script that uses your account has to sign in again. You stay signed in here."
        action="Sign out everywhere else"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          start()
          revokeOthers.mutate(undefined, { onSuccess: ({ message }) => finish(message) })
        }}
      />
    </Card>
  )
}

function Waiting({ error, onRetry }: { error: Error | null; onRetry: () => unknown }) {
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={onRetry} />
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>Loading your sessions</VisuallyHidden>
      <Skeleton height={20} />
      <Skeleton height={20} />
    </div>
  )
}
