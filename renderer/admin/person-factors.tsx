import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ManagedUser } from '../../contracts/admin'
import { Confirm } from '../ui/confirm'
import { LiveNotice } from '../ui/notice'
import styles from './admin.module.css'
import { useResetFactors } from './use-people'

interface PersonFactorsProps {
  person: ManagedUser
  onDone: (message: string | null) => void
}

/** Whether somebody has a second factor, and how to take it off when they have lost it. */
export function PersonFactors({ person, onDone }: PersonFactorsProps) {
  const [isAsking, setAsking] = useState(false)
  const reset = useResetFactors(person.id)

  if (!person.has_second_factor) return <p className={styles.quiet}>{person.name} signs in with the password alone.</p>
  return (
    <div className={styles.body}>
      <p className={styles.quiet}>{person.name} signs in with an authenticator app or a passkey.</p>
      <LiveNotice tone="bad">{reset.error?.message ?? null}</LiveNotice>
      <Button variant="default" loading={reset.isPending} onClick={() => setAsking(true)}>
        Reset the second factor
      </Button>
      <Confirm
        isOpen={isAsking}
        question={`Reset the second factor of ${person.name}?`}
        consequence="Authenticator app, passkeys and recovery codes are removed, and every session ends. Be sure that it is them who ask: the password alone signs in until they set up another."
        action="Reset it"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          onDone(null)
          reset.mutate(undefined, { onSuccess: ({ message }) => onDone(message) })
        }}
      />
    </div>
  )
}
