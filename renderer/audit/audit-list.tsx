import { Skeleton, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { AuditEntry } from '../../contracts/audit-log'
import { UnreachableError } from '../api'
import { Pager, usePages } from '../ui/pager'
import { Problem } from '../ui/problem'
import styles from './audit.module.css'
import type { AuditFilter } from './audit-api'
import { AuditTable } from './audit-table'
import { EntryDrawer } from './entry-drawer'
import { useAuditLog } from './use-audit'

interface AuditListProps {
  filter: AuditFilter
  /** An entry to begin with, instead of the newest. */
  startAt: number | null
  onFilterByPerson: (userId: string) => void
}

/** The pages of what matches; another filter begins at the newest entry. */
export function AuditList({ filter, startAt, onFilterByPerson }: AuditListProps) {
  const first = startAt === null ? null : String(startAt + 1)
  const pages = usePages(JSON.stringify([filter, first]), first)
  const [open, setOpen] = useState<AuditEntry | null>(null)
  const { data, error, refetch, isPlaceholderData } = useAuditLog(filter, pages.cursor)

  // The banner speaks for a server that cannot be reached.
  if (error && !data && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Waiting />
  if (data.entries.length === 0)
    return (
      <p className={styles.empty} role="status">
        <strong>No entry matches.</strong>
        Try fewer filters, or other days.
      </p>
    )
  const newest = data.entries[0]?.seq
  const oldest = data.entries.at(-1)?.seq
  return (
    <>
      <div aria-busy={isPlaceholderData}>
        <AuditTable entries={data.entries} people={data.people} onOpen={setOpen} />
      </div>
      <Pager pages={pages} next={data.next_cursor} isWaiting={isPlaceholderData} back="Newer" on="Older">
        {data.total === null ? `Entries ${oldest} to ${newest}` : counted(data.total)}
      </Pager>
      {open ? (
        <EntryDrawer
          key={open.seq}
          entry={open}
          people={data.people}
          onClose={() => setOpen(null)}
          onFilterByPerson={(userId) => {
            setOpen(null)
            onFilterByPerson(userId)
          }}
        />
      ) : null}
    </>
  )
}

const counted = (total: number) => `${total.toLocaleString('en-GB')} ${total === 1 ? 'entry' : 'entries'}`

function Waiting() {
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>Loading the audit log</VisuallyHidden>
      {Array.from({ length: 8 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={row} height={22} />
      ))}
    </div>
  )
}
