import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { FactorAdded, Factors, TotpEnrolment } from '../../../contracts/factors'
import { UnreachableError } from '../../api'
import { useServices } from '../../app/services'
import { Card } from '../../ui/card'
import { LiveNotice } from '../../ui/notice'
import { Problem } from '../../ui/problem'
import { AuthenticatorApp } from './authenticator-app'
import { EnrolTotp } from './enrol-totp'
import styles from './factors.module.css'
import { Passkeys } from './passkeys'
import { RecoveryCodes } from './recovery-codes'
import { RecoveryCodesLeft } from './recovery-codes-left'
import { useFactorChange, useFactors } from './use-factors'

/** What the card is about at the moment, besides what protects the account. */
type Task = { kind: 'enrol'; enrolment: TotpEnrolment } | { kind: 'keep-codes'; codes: string[] }

/** What protects the account besides its password, and how to change that. */
export function SecondFactorCard({ onProtected }: { onProtected?: () => void }) {
  const { data, error, refetch } = useFactors()
  const body = useRef<HTMLDivElement>(null)
  const [task, setTask] = useState<Task | null>(null)
  const [done, setDone] = useState<string | null>(null)

  /** Whatever was pressed goes away with what it led to, so the focus moves to what has come instead. */
  function turnTo(next: Task | null, message: string | null = null) {
    setTask(next)
    setDone(message)
    body.current?.focus()
  }

  function onKept(message: string) {
    turnTo(null, message)
    onProtected?.()
  }

  function onAdded({ recovery_codes: codes }: FactorAdded) {
    if (codes) turnTo({ kind: 'keep-codes', codes })
    else onKept('Added. Your recovery codes stay as they are.')
  }

  return (
    <Card title="Second factor" aside={data ? <State isOn={isProtected(data)} /> : null}>
      <div ref={body} tabIndex={-1} className={styles.body}>
        <LiveNotice tone="good">{done}</LiveNotice>
        {task?.kind === 'enrol' ? (
          <EnrolTotp enrolment={task.enrolment} onCancel={() => turnTo(null)} onConfirmed={onAdded} />
        ) : task?.kind === 'keep-codes' ? (
          <RecoveryCodes codes={task.codes} onKept={() => onKept('Your account is protected by a second factor.')} />
        ) : data ? (
          <>
            <p className={styles.lead}>
              {isProtected(data)
                ? 'Signing in takes your password and one of these.'
                : 'With a second factor, signing in takes more than your password. A password that somebody has read is then of no use to them.'}
            </p>
            {data.totp ? (
              <AuthenticatorApp totp={data.totp} onRemoved={(message) => turnTo(null, message)} />
            ) : (
              <BeginTotp onBegun={(enrolment) => turnTo({ kind: 'enrol', enrolment })} />
            )}
            <Passkeys passkeys={data.passkeys} onAdded={onAdded} onRemoved={(message) => turnTo(null, message)} />
            {isProtected(data) ? (
              <RecoveryCodesLeft
                left={data.recovery_codes_left}
                onCodes={(codes) => turnTo({ kind: 'keep-codes', codes })}
              />
            ) : null}
          </>
        ) : (
          <Waiting error={error} onRetry={refetch} />
        )}
      </div>
    </Card>
  )
}

export function isProtected({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0
}

function BeginTotp({ onBegun }: { onBegun: (enrolment: TotpEnrolment) => void }) {
  const { api } = useServices()
  const begin = useFactorChange<void, TotpEnrolment>(api.beginTotp)

  return (
    <section className={styles.group} aria-label="Authenticator app">
      <h3>Authenticator app</h3>
      <p className={styles.lead}>
        An app on your telephone shows a new code every half minute, also without a network.
      </p>
      <LiveNotice tone="bad">{begin.error ? begin.error.message : null}</LiveNotice>
      <Button loading={begin.isPending} onClick={() => begin.mutate(undefined, { onSuccess: onBegun })}>
        Set up an authenticator app
      </Button>
    </section>
  )
}

function State({ isOn }: { isOn: boolean }) {
  return (
    <span className={styles.state} data-on={isOn}>
      {isOn ? 'On' : 'Off'}
    </span>
  )
}

function Waiting({ error, onRetry }: { error: Error | null; onRetry: () => unknown }) {
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={onRetry} />
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>Loading what protects your account</VisuallyHidden>
      <Skeleton height={20} />
      <Skeleton height={20} />
    </div>
  )
}
