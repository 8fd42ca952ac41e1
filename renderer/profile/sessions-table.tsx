import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Session } from '../../contracts/sessions'
import { useServices } from '../app/services'
import { Badge } from '../ui/badge'
import { Moment } from '../ui/figures'
import table from '../ui/table.module.css'

interface SessionsTableProps {
  sessions: Session[]
  ending: string | null // the id of the session that is being ended
  onEnd: (session: Session) => void
}

/** A table that falls into blocks, one a session, where it is too narrow for columns. */
export function SessionsTable({ sessions, ending, onEnd }: SessionsTableProps) {
  return (
    <table className={`${table.table} ${table.folding}`} aria-label="Sessions">
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">Address</th>
          <th scope="col">Signed in</th>
          <th scope="col">Last seen</th>
          <th scope="col">Ends</th>
          <th scope="col" data-end>
            Action
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <th scope="row">
              {session.device} {session.is_current ? <Badge tone="good">This session</Badge> : null}
            </th>
            <td data-label="Address">{session.address ?? '—'}</td>
            <td data-label="Signed in">
              <Moment at={session.created_at} />
            </td>
            <td data-label="Last seen">
              <Moment at={session.last_seen_at} />
            </td>
            <td data-label="Ends">
              <Moment at={session.expires_at} />
            </td>
            <td data-end>
              {session.is_current ? (
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
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
