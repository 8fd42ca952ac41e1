import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Session } from '../../contracts/sessions'
import { useServices } from '../app/services'
import { Badge } from '../ui/badge'
import { DataTable } from '../ui/data-table'
import { Moment } from '../ui/figures'

interface SessionsTableProps {
  sessions: Session[]
  ending: string | null // the id of the session that is being ended
  onEnd: (session: Session) => void
}

export function SessionsTable({ sessions, ending, onEnd }: SessionsTableProps) {
  return (
    <DataTable
      label="Sessions"
      rows={sessions}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Device',
          cell: ({ device, is_current }) => (
            <>
              {device} {is_current ? <Badge tone="good">This session</Badge> : null}
            </>
          ),
        },
        { label: 'Address', cell: ({ address }) => address ?? '—' },
        { label: 'Signed in', cell: ({ created_at }) => <Moment at={created_at} /> },
        { label: 'Last seen', cell: ({ last_seen_at }) => <Moment at={last_seen_at} /> },
        { label: 'Ends', cell: ({ expires_at }) => <Moment at={expires_at} /> },
        {
          label: 'Action',
          isAction: true,
          cell: (session) =>
            session.is_current ? (
              <SignOutHere />
            ) : (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Sign out ${session.device}`}
                loading={ending === session.id}
                onClick={() => onEnd(session)}
              >
                Sign out
              </Button>
            ),
        },
      ]}
    />
  )
}

function SignOutHere() {
  const { session } = useServices()
  const signOut = useMutation({ mutationFn: session.end })

  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label="Sign out this session"
      loading={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      Sign out
    </Button>
  )
}
