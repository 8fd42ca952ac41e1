import { Button } from '@mantine/core'
import { useState } from 'react'
import type { MessageReply } from '../../../contracts/auth'
import type { Factors } from '../../../contracts/factors'
import { useServices } from '../../app/services'
import { Confirm } from '../../ui/confirm'
import { Day } from '../../ui/figures'
import { LiveNotice } from '../../ui/notice'
import styles from './factors.module.css'
import { useFactorChange } from './use-factors'

interface AuthenticatorAppProps {
  totp: NonNullable<Factors['totp']>
  onRemoved: (message: string) => void
}

export function AuthenticatorApp({ totp, onRemoved }: AuthenticatorAppProps) {
  const { api } = useServices()
  const [isAsking, setAsking] = useState(false)
  const remove = useFactorChange<void, MessageReply>(api.removeTotp)

  return (
    <section className={styles.group} aria-label="Authenticator app">
      <h3>Authenticator app</h3>
      <p className={styles.lead}>
        Set up on <Day at={totp.confirmed_at} />.
      </p>
      <LiveNotice tone="bad">{remove.error ? remove.error.message : null}</LiveNotice>
      <Button variant="default" loading={remove.isPending} onClick={() => setAsking(true)}>
        Remove the app
      </Button>
      <Confirm
        isOpen={isAsking}
        question="Remove the authenticator app?"
        consequence="Its codes stop working. If nothing else protects your account, your password alone signs in and your recovery codes are gone."
        action="Remove the app"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          remove.mutate(undefined, { onSuccess: ({ message }) => onRemoved(message) })
        }}
      />
    </section>
  )
}
