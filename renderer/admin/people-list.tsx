import { Skeleton, VisuallyHidden } from '@mantine/core'
import { UnreachableError } from '../api'
import { Pager, usePages } from '../ui/pager'
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
  const pages = usePages(JSON.stringify(filter))
  const { data, error, refetch, isPlaceholderData } = usePeople({ ...filter, cursor: pages.cursor })
  const first = pages.pagesBefore * PAGE_SIZE

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
      <Pager pages={pages} next={data.next_cursor} isWaiting={isPlaceholderData} back="Previous" on="Next">
        {data.users.length === 0 ? 'Nobody' : `${first + 1}–${first + data.users.length}`} of {data.total}{' '}
        {data.total === 1 ? 'account' : 'accounts'}
      </Pager>
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
