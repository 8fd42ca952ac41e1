import { Button, Skeleton } from '@mantine/core'
import type { Lock, ManagedUser } from '../../contracts/admin'
import { Badge } from '../ui/badge'
import { Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import styles from './admin.module.css'
import { usePersonLocks, useUnlock } from './use-people'

const ATTEMPTS: Record<Lock['attempt'], string> = {
  sign_in: 'Sign-in',
  second_factor: 'Second factor',
  password_reset: 'Password reset',
  password_change: 'Password change',
  step_up: 'Fresh proof',
}
const PLACES: Record<Lock['place'], string> = {
  one_address: 'from one address',
  other_addresses: 'from addresses they do not use',
}

interface PersonLocksProps {
  person: ManagedUser
  onDone: (message: string | null) => void
}

/** What failed attempts keep somebody from, and how to forget them before their time. */
export function PersonLocks({ person, onDone }: PersonLocksProps) {
  const { data: locks, error, refetch } = usePersonLocks(person.id)
  const unlock = useUnlock(person.id)

  if (!locks) return error ? <Problem error={error} onRetry={refetch} /> : <Skeleton height={48} />
  return (
    <div className={styles.body}>
      <LiveNotice tone="bad">{unlock.error?.message ?? null}</LiveNotice>
      {locks.length === 0 ? <p className={styles.quiet}>None are remembered. Nothing is locked.</p> : null}
      <ul className={styles.rows}>
        {locks.map(({ attempt, place, failures, locked_until }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two addresses may have failed alike
          <li key={`${attempt} ${place} ${index}`}>
            <div>
              {ATTEMPTS[attempt]}
              <p>
                {failures === 1 ? 'once' : `${failures} times`} {PLACES[place]}
              </p>
            </div>
            {locked_until === null ? (
              <Badge>Not locked</Badge>
            ) : (
              <Badge tone="waiting">
                Locked until <Moment at={locked_until} />
              </Badge>
            )}
          </li>
        ))}
      </ul>
      {locks.length > 0 ? (
        <Button
          variant="default"
          loading={unlock.isPending}
          onClick={() => {
            onDone(null)
            unlock.mutate(undefined, { onSuccess: ({ message }) => onDone(message) })
          }}
        >
          Forget failed attempts
        </Button>
      ) : null}
    </div>
  )
}
