import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ManagedUser } from '../../contracts/admin'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import styles from './admin.module.css'
import { useChangePerson } from './use-people'

interface PersonActivityProps {
  person: ManagedUser
  isOwn: boolean
  onDone: (message: string | null) => void
}

/** Whether the account can be used at all. */
export function PersonActivity({ person, isOwn, onDone }: PersonActivityProps) {
  const [isAsking, setAsking] = useState(false)
  const change = useChangePerson(person.id)

  function set(isActive: boolean) {
    setAsking(false)
    onDone(null)
    change.mutate(
      { is_active: isActive },
      { onSuccess: () => onDone(isActive ? 'The account can be used again.' : 'The account cannot be used any more.') },
    )
  }

  return (
    <div className={styles.body}>
      <LiveNotice tone="bad">{change.error?.message ?? null}</LiveNotice>
      <p className={styles.quiet}>
        {person.is_active
          ? 'Ends every session at once and lets nobody sign in. What the person recorded stays.'
          : 'Nobody can sign in with this account. Once it is active, its password counts again.'}
      </p>
      {person.is_active ? (
        <Button variant="default" loading={change.isPending} onClick={() => setAsking(true)}>
          Deactivate account
        </Button>
      ) : (
        <Button loading={change.isPending} onClick={() => set(true)}>
          Activate account
        </Button>
      )}
      <Confirm
        isOpen={isAsking}
        question={isOwn ? 'Deactivate your own account?' : `Deactivate ${person.name}?`}
        consequence={
          isOwn
            ? 'You are signed out at once, and only another administrator can let you in again.'
            : 'Every session of theirs ends at once. You can activate the account again at any time.'
        }
        action="Deactivate account"
        onCancel={() => setAsking(false)}
        onConfirm={() => set(false)}
      />
    </div>
  )
}
