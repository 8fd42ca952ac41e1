import { Button, Skeleton, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEventHandler, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { z } from 'zod'
import { claimedPassword } from '../../contracts/auth'
import { claimedCode, type ProofMethod, type StepUpRequest, totpCodeRequest } from '../../contracts/factors'
import { useServices } from '../app/services'
import { CodeField, RecoveryCodeField } from '../ui/code-field'
import { Dialog, DialogActions } from '../ui/dialog'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField } from '../ui/password-field'
import { Problem } from '../ui/problem'
import { isPasskeyPlace, showPasskey } from './passkey-support'
import styles from './step-up-dialog.module.css'

const OTHER_WAYS: Record<ProofMethod, string> = {
  password: 'Use the password',
  totp: 'Use the authenticator app',
  passkey: 'Use a passkey',
  recovery_code: 'Use a recovery code',
}

const passwordForm = z.object({ password: claimedPassword })
const recoveryCodeForm = z.object({ code: claimedCode })

/** Asks who is there before something that matters goes on. What was asked for is then done without another click. */
export function StepUpDialog() {
  const { stepUp } = useServices()
  const isAsking = useSyncExternalStore(stepUp.subscribe, stepUp.isAsking)

  return (
    <Dialog
      isOpen={isAsking}
      title="Confirm that it is you"
      description="What comes next protects accounts, so it asks who is there. You will not be asked again for five minutes."
      onClose={() => stepUp.answer(false)}
    >
      <Proof />
    </Dialog>
  )
}

function Proof() {
  const { api, session } = useServices()
  const [chosen, setChosen] = useState<ProofMethod | null>(null)
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
  const ways = data.methods.filter((way) => way !== 'passkey' || isPasskeyPlace(location))
  const way = chosen ?? ways[0] ?? 'recovery_code'
  const others = ways
    .filter((other) => other !== way)
    .map((other) => (
      <Button key={other} variant="default" onClick={() => setChosen(other)}>
        {OTHER_WAYS[other]}
      </Button>
    ))
  if (way === 'password') return <PasswordProof />
  if (way === 'passkey') return <PasskeyProof others={others} />
  return <CodeProof key={way} isRecovering={way === 'recovery_code'} others={others} />
}

function PasskeyProof({ others }: { others: ReactNode }) {
  const { api, session, stepUp } = useServices()
  const prove = useMutation({
    async mutationFn() {
      const credential = await showPasskey(await session.callOnce(api.proveFreshPasskeyOptions))
      await session.prove((token) => api.proveFreshPasskey(token, { credential }))
    },
    onSuccess: () => stepUp.answer(true),
  })
  return (
    <ProofForm
      message={prove.error && !prove.isPending ? prove.error.message : null}
      isPending={prove.isPending}
      onSubmit={(event) => {
        event.preventDefault()
        prove.mutate()
      }}
      others={others}
    >
      <p className={styles.hint}>Your browser asks for the passkey next.</p>
    </ProofForm>
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

function CodeProof({ isRecovering, others }: { isRecovering: boolean; others: ReactNode }) {
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: isRecovering ? recoveryCodeForm : totpCodeRequest,
    initialValues: { code: '' },
    fieldOf: { wrong_code: 'code' },
  })
  const prove = useProve(showFailure)
  const Field = isRecovering ? RecoveryCodeField : CodeField
  return (
    <ProofForm message={message} isPending={prove.isPending} onSubmit={onSubmit(prove.mutate)} others={others}>
      <Field key={form.key('code')} {...form.getInputProps('code')} />
    </ProofForm>
  )
}

function useProve(onError: (error: Error) => void) {
  const { api, session, stepUp } = useServices()
  return useMutation({
    mutationFn: (proof: StepUpRequest) => session.prove((token) => api.proveFresh(token, proof)),
    onError,
    onSuccess: () => stepUp.answer(true),
  })
}

interface ProofFormProps {
  message: string | null
  isPending: boolean
  onSubmit: FormEventHandler<HTMLFormElement>
  others?: ReactNode
  children: ReactNode
}

function ProofForm({ message, isPending, onSubmit, others, children }: ProofFormProps) {
  const { stepUp } = useServices()
  const form = useRef<HTMLFormElement>(null)

  // The dialog was opened before its field was there to take the focus.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])

  return (
    <form ref={form} noValidate onSubmit={onSubmit} aria-label="Proof">
      <LiveNotice tone="bad">{message}</LiveNotice>
      {children}
      <DialogActions>
        {others}
        <Button variant="default" onClick={() => stepUp.answer(false)}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          Confirm
        </Button>
      </DialogActions>
    </form>
  )
}
