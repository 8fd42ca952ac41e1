import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Invitation } from '../../contracts/invitations'
import { roles } from '../../contracts/scopes'
import { UnreachableError } from '../api'
import { Badge } from '../ui/badge'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { useInvitations, useRevokeInvitation } from './use-invitations'

const STATES = {
  open: { word: 'Open', tone: 'waiting' },
  accepted: { word: 'Accepted', tone: 'good' },
  revoked: { word: 'Revoked', tone: 'bad' },
  expired: { word: 'Expired', tone: 'plain' },
} as const

export function InvitationsList() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInvitations()
  const list = useRef<HTMLDivElement>(null)
  const [done, setDone] = useState<string | null>(null)
  const revoke = useRevokeInvitation()

  // The banner speaks for a server that cannot be reached.
  if (error && !data && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />
  if (!data)
    return (
      <div role="status" className={styles.waiting}>
        <VisuallyHidden>Loading invitations</VisuallyHidden>
        <Skeleton height={22} />
        <Skeleton height={22} />
      </div>
    )
  const invitations = data.pages.flatMap((page) => page.invitations)
  if (invitations.length === 0)
    return (
      <p className={styles.empty}>
        <strong>Nobody is invited yet.</strong>
        Links that you create are listed here, without their secret.
      </p>
    )
  return (
    // What was pressed goes away with what it revoked, so the focus stays with the list.
    <div ref={list} tabIndex={-1} className={styles.body}>
      <LiveNotice tone="good">{done}</LiveNotice>
      <LiveNotice tone="bad">{revoke.error?.message ?? null}</LiveNotice>
      <DataTable
        label="Invitations"
        rows={invitations}
        keyOf={({ id }) => id}
        columns={[
          { label: 'For', cell: ({ email }) => email ?? 'Whoever has the link' },
          { label: 'Role', cell: ({ role }) => roles[role].label },
          { label: 'State', cell: (invitation) => <State {...invitation} /> },
          { label: 'Invited by', cell: ({ invited_by }) => invited_by ?? '—' },
          { label: 'Created', cell: ({ created_at }) => <Moment at={created_at} /> },
          { label: 'Valid until', cell: ({ expires_at }) => <Moment at={expires_at} /> },
          {
            label: 'Action',
            isAction: true,
            cell: ({ id, email, state }) =>
              state === 'open' ? (
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={`Revoke the invitation of ${email ?? 'whoever has the link'}`}
                  loading={revoke.isPending && revoke.variables === id}
                  onClick={() => {
                    setDone(null)
                    revoke.mutate(id, {
                      onSuccess({ message }) {
                        setDone(message)
                        list.current?.focus()
                      },
                    })
                  }}
                >
                  Revoke
                </Button>
              ) : null,
          },
        ]}
      />
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show older ones
        </Button>
      ) : null}
    </div>
  )
}

function State({ state, accepted_by }: Invitation) {
  const { word, tone } = STATES[state]
  return <Badge tone={tone}>{accepted_by ? `${word} by ${accepted_by}` : word}</Badge>
}
