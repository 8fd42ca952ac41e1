import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { claimedCode, type SignInChallenge, totpCodeRequest } from '../../contracts/factors'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { CodeField, RecoveryCodeField } from '../ui/code-field'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { AuthLayout } from './auth-layout'
import styles from './auth-layout.module.css'

const recoveryCodeForm = z.object({ code: claimedCode })

interface SecondStepProps {
  challenge: SignInChallenge
  onStartAgain: (reason: string | null) => void
}

/** After the right password: a code of the authenticator app, or one of the codes kept for the day it is lost. */
export function SecondStep({ challenge, onStartAgain }: SecondStepProps) {
  const [isRecovering, setRecovering] = useState(false)
  const mayRecover = challenge.methods.includes('recovery_code')

  return (
    <AuthLayout
      key={isRecovering ? 'recovery' : 'app'}
      title={isRecovering ? 'Enter a recovery code' : 'Enter your code'}
      footer={
        <button type="button" className={styles.link} onClick={() => onStartAgain(null)}>
          Use another account
        </button>
      }
    >
      <CodeForm challenge={challenge.challenge} isRecovering={isRecovering} onExpired={onStartAgain} />
      {mayRecover ? (
        <Button variant="default" onClick={() => setRecovering(!isRecovering)}>
          {isRecovering ? 'Use the authenticator app' : 'Use a recovery code'}
        </Button>
      ) : null}
    </AuthLayout>
  )
}

interface CodeFormProps {
  challenge: string
  isRecovering: boolean
  onExpired: (reason: string) => void
}

function CodeForm({ challenge, isRecovering, onExpired }: CodeFormProps) {
  const { api, session } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: isRecovering ? recoveryCodeForm : totpCodeRequest,
    initialValues: { code: '' },
    fieldOf: { wrong_code: 'code' },
  })
  const confirm = useMutation({
    mutationFn: async ({ code }: { code: string }) => session.begin(await api.loginSecondFactor({ challenge, code })),
    onError(error) {
      if (error instanceof ApiError && error.code === 'challenge_expired') return onExpired(error.message)
      showFailure(error)
    },
  })
  const Field = isRecovering ? RecoveryCodeField : CodeField

  return (
    <>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(confirm.mutate)} aria-label="Second step">
        <Field key={form.key('code')} {...form.getInputProps('code')} />
        <Button type="submit" fullWidth size="md" loading={confirm.isPending}>
          Sign in
        </Button>
      </form>
    </>
  )
}
