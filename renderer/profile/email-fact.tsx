import { Button } from '@mantine/core'
import type { EmailState } from '../../contracts/email-address'
import { useServices } from '../app/services'
import { useAuthSettings } from '../auth/use-auth-settings'
import { Badge } from '../ui/badge'
import { Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import styles from './profile.module.css'
import { useEmailMutation, useEmailState } from './use-email-state'

interface EmailFactProps {
  email: string
  onDone: (message: string | null) => void
}

/** The address, whether it is known to be the person's, and what is to become of it. */
export function EmailFact({ email, onDone }: EmailFactProps) {
  const { data: settings } = useAuthSettings()
  const { data: state } = useEmailState()
  const hasMail = settings?.has_mail ?? false

  return (
    <>
      {email}
      {hasMail && state ? <Verified state={state} onDone={onDone} /> : null}
      {state?.change ? <PendingChange change={state.change} onDone={onDone} /> : null}
    </>
  )
}

function Verified({ state, onDone }: { state: EmailState; onDone: EmailFactProps['onDone'] }) {
  const { api } = useServices()
  const send = useEmailMutation(
    (token, _again: undefined) => api.sendVerification(token),
    ({ message }) => onDone(message),
  )

  if (state.verified_at !== null)
    return (
      <>
        {' '}
        <Badge tone="good">Confirmed</Badge>
      </>
    )
  return (
    <>
      {' '}
      <Badge tone="waiting">Not confirmed</Badge>
      <div className={styles.beside}>
        <LiveNotice tone="bad">{send.error?.message ?? null}</LiveNotice>
        <Button
          variant="default"
          size="compact-sm"
          loading={send.isPending}
          onClick={() => {
            onDone(null)
            send.mutate(undefined)
          }}
        >
          Send the mail again
        </Button>
      </div>
    </>
  )
}

interface PendingChangeProps {
  change: NonNullable<EmailState['change']>
  onDone: EmailFactProps['onDone']
}

function PendingChange({ change, onDone }: PendingChangeProps) {
  const { api } = useServices()
  const cancel = useEmailMutation(
    (token, _change: undefined) => api.cancelEmailChange(token),
    ({ message }) => onDone(message),
  )
  const missing = change.confirmed_by_current
    ? 'the new address'
    : change.confirmed_by_new
      ? 'this address'
      : 'both addresses'

  return (
    <div className={styles.pending}>
      <p>
        To become <strong>{change.new_email}</strong> when {missing} {missing === 'both addresses' ? 'have' : 'has'}{' '}
        confirmed, until <Moment at={change.expires_at} />.
      </p>
      <LiveNotice tone="bad">{cancel.error?.message ?? null}</LiveNotice>
      <Button
        variant="default"
        size="compact-sm"
        loading={cancel.isPending}
        onClick={() => {
          onDone(null)
          cancel.mutate(undefined)
        }}
      >
        Take it back
      </Button>
    </div>
  )
}
