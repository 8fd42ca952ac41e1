import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { TotpEnrolment } from '../../../contracts/factors'
import { UnreachableError } from '../../api'
import { useServices } from '../../app/services'
import { Card } from '../../ui/card'
import { LiveNotice } from '../../ui/notice'
import { Problem } from '../../ui/problem'
import { EnrolTotp } from './enrol-totp'
import styles from './factors.module.css'
import { ProtectedBy } from './protected-by'
import { RecoveryCodes } from './recovery-codes'
import { useFactorChange, useFactors } from './use-factors'

/** What the card is about at the moment, besides what protects the account. */
type Task = { kind: 'enrol'; enrolment: TotpEnrolment } | { kind: 'keep-codes'; codes: string[] }

/** What protects the account besides its password, and how to change that. */
export function SecondFactorCard() {
  const { api } = useServices()
  const { data, error, refetch } = useFactors()
  const body = useRef<HTMLDivElement>(null)
  const [task, setTask] = useState<Task | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const begin = useFactorChange<void, TotpEnrolment>(api.beginTotp)

  /** Whatever was pressed goes away with what it led to, so the focus moves to what has come instead. */
  function turnTo(next: Task | null, message: string | null = null) {
    setTask(next)
    setDone(message)
    body.current?.focus()
  }

  return (
    <Card title="Second factor" aside={data ? <State isOn={data.totp !== null} /> : null}>
      <div ref={body} tabIndex={-1} className={styles.body}>
        <LiveNotice tone="good">{done}</LiveNotice>
        <LiveNotice tone="bad">{begin.error ? begin.error.message : null}</LiveNotice>
        {task?.kind === 'enrol' ? (
          <EnrolTotp
            enrolment={task.enrolment}
            onCancel={() => turnTo(null)}
            onConfirmed={(codes) => turnTo({ kind: 'keep-codes', codes })}
          />
        ) : task?.kind === 'keep-codes' ? (
          <RecoveryCodes
            codes={task.codes}
            onKept={() => turnTo(null, 'Your account is protected by a second factor.')}
          />
        ) : data?.totp ? (
          <ProtectedBy
            totp={data.totp}
            codesLeft={data.recovery_codes_left}
            onCodes={(codes) => turnTo({ kind: 'keep-codes', codes })}
            onRemoved={(message) => turnTo(null, message)}
          />
        ) : data ? (
          <>
            <p className={styles.lead}>
              With an authenticator app, signing in takes your password and a code from your telephone. A password that
              somebody has read is then of no use to them.
            </p>
            <Button
              loading={begin.isPending}
              onClick={() =>
                begin.mutate(undefined, { onSuccess: (enrolment) => turnTo({ kind: 'enrol', enrolment }) })
              }
            >
              Set up an authenticator app
            </Button>
          </>
        ) : (
          <Waiting error={error} onRetry={refetch} />
        )}
      </div>
    </Card>
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
