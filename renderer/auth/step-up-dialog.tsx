import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEventHandler, type ReactNode, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react'
import { z } from 'zod'
import { claimedPassword } from '../../contracts/auth'
import { claimedCode, type StepUpRequest, totpCodeRequest } from '../../contracts/factors'
import { useServices } from '../app/services'
import { CodeField, RecoveryCodeField } from '../ui/code-field'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField } from '../ui/password-field'
import { Problem } from '../ui/problem'
import styles from './step-up-dialog.module.css'

const passwordForm = z.object({ password: claimedPassword })
const recoveryCodeForm = z.object({ code: claimedCode })

/** Asks who is there before something that matters goes on. What was asked for is then done without another click. */
export function StepUpDialog() {
  const { stepUp } = useServices()
  const isAsking = useSyncExternalStore(stepUp.subscribe, stepUp.isAsking)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()

  useEffect(() => {
    if (isAsking) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isAsking])

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-why`}
      onClose={() => stepUp.answer(false)}
    >
      <h2 id={`${id}-title`}>Confirm that it is you</h2>
      <p id={`${id}-why`}>This changes how your account is protected. You will not be asked again for five minutes.</p>
      {isAsking ? <Proof /> : null}
    </dialog>
  )
}

function Proof() {
  const { api, session } = useServices()
  const [isRecovering, setRecovering] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['account', 'step-up'],
    queryFn: ({ signal }) => session.callOnce((token) => api.stepUp(token, signal)),
    gcTime: 0,
  })

  if (error) return <Problem error={error} onRetry={refetch} />
  if (!data)
    return (
      <div role="status">
        <VisuallyHidden>Looking up how you can confirm</VisuallyHidden>
        <Skeleton height={72} />
      </div>
    )
  if (data.methods.includes('password')) return <PasswordProof />
  return (
    <CodeProof
      key={String(isRecovering)}
      isRecovering={isRecovering}
      other={
        data.methods.includes('recovery_code') ? (
          <Button variant="default" onClick={() => setRecovering(!isRecovering)}>
            {isRecovering ? 'Use the authenticator app' : 'Use a recovery code'}
          </Button>
        ) : null
      }
    />
  )
}

function PasswordProof() {
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: passwordForm,
    initialValues: { password: '' },
    fieldOf: { wrong_password: 'password' },
  })
  const prove = useProve(showFailure)
  return (
    <ProofForm message={message} isPending={prove.isPending} onSubmit={onSubmit(prove.mutate)}>
      <PasswordField
        label="Your password"
        autoComplete="current-password"
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
    </ProofForm>
  )
}

function CodeProof({ isRecovering, other }: { isRecovering: boolean; other: ReactNode }) {
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: isRecovering ? recoveryCodeForm : totpCodeRequest,
    initialValues: { code: '' },
    fieldOf: { wrong_code: 'code' },
  })
  const prove = useProve(showFailure)
  const Field = isRecovering ? RecoveryCodeField : CodeField
  return (
    <ProofForm message={message} isPending={prove.isPending} onSubmit={onSubmit(prove.mutate)} other={other}>
      <Field key={form.key('code')} {...form.getInputProps('code')} />
    </ProofForm>
  )
}

function useProve(onError: (error: Error) => void) {
  const { api, session, stepUp } = useServices()
  return useMutation({
    mutationFn: (proof: StepUpRequest) => session.callOnce((token) => api.proveFresh(token, proof)),
    onError,
    onSuccess: () => stepUp.answer(true),
  })
}

interface ProofFormProps {
  message: string | null
  isPending: boolean
  onSubmit: FormEventHandler<HTMLFormElement>
  other?: ReactNode
  children: ReactNode
}

function ProofForm({ message, isPending, onSubmit, other, children }: ProofFormProps) {
  const { stepUp } = useServices()
  const form = useRef<HTMLFormElement>(null)

  // The dialog was opened before its field was there to take the focus.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])

  return (
    <form ref={form} noValidate className={styles.form} onSubmit={onSubmit} aria-label="Proof">
      <LiveNotice tone="bad">{message}</LiveNotice>
      {children}
      <div className={styles.actions}>
        {other}
        <Button variant="default" onClick={() => stepUp.answer(false)}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          Confirm
        </Button>
      </div>
    </form>
  )
}
