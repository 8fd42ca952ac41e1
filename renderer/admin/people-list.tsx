import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { UnreachableError } from '../api'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import type { PeopleQuery } from './admin-api'
import { PeopleTable } from './people-table'
import { usePeople } from './use-people'

const PAGE_SIZE = 25 // as the server has it where nobody says otherwise

interface PeopleListProps {
  filter: Omit<PeopleQuery, 'cursor'>
  onSort: (sort: PeopleQuery['sort']) => void
  onOpen: (id: string) => void
}

/** The pages of what matches; another filter or order begins at the first page. */
export function PeopleList({ filter, onSort, onOpen }: PeopleListProps) {
  const matching = JSON.stringify(filter)
  const [place, setPlace] = useState<{ matching: string; cursors: (string | null)[] }>({ matching, cursors: [null] })
  const cursors = place.matching === matching ? place.cursors : [null]
  const { data, error, refetch, isPlaceholderData } = usePeople({ ...filter, cursor: cursors.at(-1) ?? null })
  const first = (cursors.length - 1) * PAGE_SIZE

  // The banner speaks for a server that cannot be reached.
  if (error && !data && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Waiting />
  if (data.total === 0)
    return (
      <p className={styles.empty} role="status">
        <strong>Nobody matches.</strong>
        Try another name, or fewer filters.
      </p>
    )
  return (
    <>
      <div aria-busy={isPlaceholderData}>
        <PeopleTable people={data.users} sort={filter.sort} onSort={onSort} onOpen={onOpen} />
      </div>
      <div className={styles.pager}>
        <span role="status">
          {data.users.length === 0 ? 'Nobody' : `${first + 1}–${first + data.users.length}`} of {data.total}{' '}
          {data.total === 1 ? 'account' : 'accounts'}
        </span>
        {cursors.length > 1 || data.next_cursor ? (
          <div>
            <Button
              variant="default"
              size="compact-sm"
              disabled={cursors.length === 1}
              onClick={() => setPlace({ matching, cursors: cursors.slice(0, -1) })}
            >
              Previous
            </Button>
            <Button
              variant="default"
              size="compact-sm"
              disabled={!data.next_cursor || isPlaceholderData}
              onClick={() => setPlace({ matching, cursors: [...cursors, data.next_cursor] })}
            >
              Next
            </Button>
          </div>
        ) : null}
      </div>
    </>
  )
}

function Waiting() {
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>Loading accounts</VisuallyHidden>
      {Array.from({ length: 6 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={row} height={22} />
      ))}
    </div>
  )
}
