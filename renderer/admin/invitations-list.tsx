import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Invitation } from '../../contracts/invitations'
import { roles } from '../../contracts/scopes'
import { UnreachableError } from '../api'
import { Badge } from '../ui/badge'
import { Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import table from '../ui/table.module.css'
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
      <table className={`${table.table} ${table.folding}`} aria-label="Invitations">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">Invited by</th>
            <th scope="col">Created</th>
            <th scope="col">Valid until</th>
            <th scope="col">
              <VisuallyHidden>Action</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">{invitation.email ?? 'Whoever has the link'}</th>
              <td data-label="Role">{roles[invitation.role].label}</td>
              <td data-label="State">
                <State {...invitation} />
              </td>
              <td data-label="Invited by">{invitation.invited_by ?? '—'}</td>
              <td data-label="Created">
                <Moment at={invitation.created_at} />
              </td>
              <td data-label="Valid until">
                <Moment at={invitation.expires_at} />
              </td>
              <td data-end>
                {invitation.state === 'open' ? (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={`Revoke the invitation of ${invitation.email ?? 'whoever has the link'}`}
                    loading={revoke.isPending && revoke.variables === invitation.id}
                    onClick={() => {
                      setDone(null)
                      revoke.mutate(invitation.id, {
                        onSuccess({ message }) {
                          setDone(message)
                          list.current?.focus()
                        },
                      })
                    }}
                  >
                    Revoke
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
