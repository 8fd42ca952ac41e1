import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { Activity } from '../../contracts/audit-log'
import { UnreachableError } from '../api'
import { tellOwn } from '../audit/tell'
import { useOwnActivity } from '../audit/use-audit'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import { Problem } from '../ui/problem'
import styles from './activity.module.css'

/** What the person did, and what was done to their account, so that they notice what was not them. */
export function ActivityCard() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOwnActivity()
  const entries = data?.pages.flatMap((page) => page.entries) ?? []

  return (
    <Card title="Security activity">
      <p className={styles.lead}>
        What you did here and what was done to your account. If something was not you, change your password: that signs
        everybody else out.
      </p>
      {data ? (
        <>
          <ol className={styles.list} aria-label="Security activity">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
          {hasNextPage ? (
            <Button variant="default" size="compact-sm" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
              Show earlier
            </Button>
          ) : null}
        </>
      ) : error && !(error instanceof UnreachableError) ? (
        <Problem error={error} onRetry={refetch} />
      ) : (
        <div role="status" className={styles.list}>
          <VisuallyHidden>Loading your activity</VisuallyHidden>
          <Skeleton height={32} />
          <Skeleton height={32} />
        </div>
      )}
    </Card>
  )
}

function Entry({ entry }: { entry: Activity }) {
  const isBad = entry.outcome === 'failure'
  const Icon = isBad ? IconAlertTriangle : IconCircleCheck
  const place = [entry.device, entry.address].filter(Boolean).join(', ')
  return (
    <li className={styles.entry} data-tone={isBad ? 'bad' : 'good'}>
      <Icon size="1.125rem" stroke={1.75} aria-hidden />
      <div>
        <p>{tellOwn(entry)}</p>
        <p className={styles.place}>
          <Moment at={entry.occurred_at} />
          {place ? ` · ${place}` : null}
        </p>
      </div>
    </li>
  )
}
