import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { claimedCode, type SecondFactorMethod, type SignInChallenge, totpCodeRequest } from '../../contracts/factors'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { CodeField, RecoveryCodeField } from '../ui/code-field'
import { useContractForm } from '../ui/form'
import { LiveNotice, Notice } from '../ui/notice'
import { AuthLayout } from './auth-layout'
import styles from './auth-layout.module.css'
import { isPasskeyPlace, placeForPasskeys } from './passkey-support'
import { usePasskeySignIn } from './use-passkey-sign-in'

const recoveryCodeForm = z.object({ code: claimedCode })

const TITLES: Record<SecondFactorMethod, string> = {
  totp: 'Enter your code',
  passkey: 'Use your passkey',
  recovery_code: 'Enter a recovery code',
}
const OTHER_WAYS: Record<SecondFactorMethod, string> = {
  totp: 'Use the authenticator app',
  passkey: 'Use a passkey',
  recovery_code: 'Use a recovery code',
}

interface SecondStepProps {
  challenge: SignInChallenge
  onStartAgain: (reason: string | null) => void
}

/** After the right password: what the account asks for besides, in the way the person chooses. */
export function SecondStep({ challenge: { challenge, methods }, onStartAgain }: SecondStepProps) {
  const canUsePasskey = isPasskeyPlace(location)
  const ways = methods.filter((method) => method !== 'passkey' || canUsePasskey)
  const [chosen, setChosen] = useState<SecondFactorMethod>(ways[0] ?? 'recovery_code')

  return (
    <AuthLayout
      key={chosen}
      title={TITLES[chosen]}
      footer={
        <button type="button" className={styles.link} onClick={() => onStartAgain(null)}>
          Use another account
        </button>
      }
    >
      {methods.includes('passkey') && !canUsePasskey ? (
        <Notice tone="plain">
          Your passkeys work in a browser at {placeForPasskeys(location)}, not at this address without a name.
        </Notice>
      ) : null}
      {chosen === 'passkey' ? (
        <PasskeyStep challenge={challenge} onExpired={onStartAgain} />
      ) : (
        <CodeForm challenge={challenge} isRecovering={chosen === 'recovery_code'} onExpired={onStartAgain} />
      )}
      {ways
        .filter((way) => way !== chosen)
        .map((way) => (
          <Button key={way} variant="default" onClick={() => setChosen(way)}>
            {OTHER_WAYS[way]}
          </Button>
        ))}
    </AuthLayout>
  )
}

interface StepProps {
  challenge: string
  onExpired: (reason: string) => void
}

function PasskeyStep({ challenge, onExpired }: StepProps) {
  const [message, setMessage] = useState<string | null>(null)
  const signIn = usePasskeySignIn(challenge, (error) => {
    if (isExpired(error)) onExpired(error.message)
    else setMessage(error.message)
  })

  return (
    <>
      <LiveNotice tone="bad">{signIn.isPending ? null : message}</LiveNotice>
      <Button size="md" loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Continue with your passkey
      </Button>
    </>
  )
}

function CodeForm({ challenge, isRecovering, onExpired }: StepProps & { isRecovering: boolean }) {
  const { api, session } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: isRecovering ? recoveryCodeForm : totpCodeRequest,
    initialValues: { code: '' },
    fieldOf: { wrong_code: 'code' },
  })
  const confirm = useMutation({
    mutationFn: async ({ code }: { code: string }) => session.begin(await api.loginSecondFactor({ challenge, code })),
    onError(error) {
      if (isExpired(error)) onExpired(error.message)
      else showFailure(error)
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

function isExpired(error: Error): boolean {
  return error instanceof ApiError && error.code === 'challenge_expired'
}
