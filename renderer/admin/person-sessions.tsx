import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import type { ManagedUser } from '../../contracts/admin'
import { Confirm } from '../ui/confirm'
import { Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { useEndSession, useEndSessions, usePersonSessions } from './use-people'

interface PersonSessionsProps {
  person: ManagedUser
  onDone: (message: string | null) => void
}

/** Where somebody is signed in, and how to end that. */
export function PersonSessions({ person, onDone }: PersonSessionsProps) {
  const { data: sessions, error, refetch } = usePersonSessions(person.id)
  const [isAsking, setAsking] = useState(false)
  const endOne = useEndSession(person.id)
  const endAll = useEndSessions(person.id)
  const failure = endOne.error ?? endAll.error

  if (!sessions) return error ? <Problem error={error} onRetry={refetch} /> : <Skeleton height={48} />
  return (
    <div className={styles.body}>
      <LiveNotice tone="bad">{failure?.message ?? null}</LiveNotice>
      {sessions.length === 0 ? <p className={styles.quiet}>{person.name} is signed in nowhere.</p> : null}
      <ul className={styles.rows}>
        {sessions.map(({ id, device, address, last_seen_at, is_current }) => (
          <li key={id}>
            <div>
              {device}
              <p>
                {address ?? 'address unknown'}, last seen <Moment at={last_seen_at} />
                {is_current ? ', this session' : ''}
              </p>
            </div>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`End ${device}`}
              loading={endOne.isPending && endOne.variables === id}
              onClick={() => {
                onDone(null)
                endOne.mutate(id, { onSuccess: ({ message }) => onDone(message) })
              }}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Button variant="default" loading={endAll.isPending} onClick={() => setAsking(true)}>
          End all sessions
        </Button>
      ) : null}
      <Confirm
        isOpen={isAsking}
        question={`Sign ${person.name} out everywhere?`}
        consequence="Every browser, window and script that uses this account has to sign in again."
        action="End all sessions"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          onDone(null)
          endAll.mutate(undefined, { onSuccess: ({ message }) => onDone(message) })
        }}
      />
    </div>
  )
}
