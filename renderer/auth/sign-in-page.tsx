import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'react-router'
import { loginRequest } from '../../contracts/auth'
import type { SignInChallenge } from '../../contracts/factors'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField } from '../ui/password-field'
import { AuthLayout } from './auth-layout'
import styles from './auth-layout.module.css'
import { EMAIL_INPUT } from './email-input'
import { isPasskeyPlace } from './passkey-support'
import { SecondStep } from './second-step'
import { useAuthSettings } from './use-auth-settings'
import { usePasskeySignIn } from './use-passkey-sign-in'
import { useSession } from './use-session'

/** The password first, and where the account asks for it a code after that. */
export function SignInPage() {
  const [challenge, setChallenge] = useState<SignInChallenge | null>(null)
  const [setback, setSetback] = useState<string | null>(null)

  function startAgain(reason: string | null) {
    setSetback(reason)
    setChallenge(null)
  }

  if (challenge) return <SecondStep challenge={challenge} onStartAgain={startAgain} />
  return <FirstStep setback={setback} onChallenge={setChallenge} />
}

interface FirstStepProps {
  setback: string | null // why the second step led back here
  onChallenge: (challenge: SignInChallenge) => void
}

function FirstStep({ setback, onChallenge }: FirstStepProps) {
  const { api, session } = useServices()
  const current = useSession()
  const { state } = useLocation()
  const { data: settings } = useAuthSettings()
  const lastEmail = current.status === 'signed-out' ? current.email : ''
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: loginRequest,
    initialValues: { email: lastEmail, password: '' },
  })
  const signIn = useMutation({
    mutationFn: async (values: { email: string; password: string }) => session.begin(await api.login(values)),
    onError(error) {
      if (error instanceof ApiError && error.secondFactor) return onChallenge(error.secondFactor)
      const isRefused = error instanceof ApiError && error.code === 'invalid_credentials'
      showFailure(isRefused ? new Error('Wrong e-mail or password.', { cause: error }) : error)
      if (isRefused) form.getInputNode('password')?.focus()
    },
  })
  const passkey = usePasskeySignIn(undefined, showFailure)

  return (
    <AuthLayout
      title="Sign in"
      footer={
        settings?.registration === 'closed' ? null : (
          <>
            {settings?.registration === 'invitation' ? 'Invited?' : 'New here?'}{' '}
            <Link to="/sign-up" state={state}>
              Create an account
            </Link>
          </>
        )
      }
    >
      <LiveNotice tone="plain">
        {current.status === 'signed-out' && !message && !setback ? current.notice : null}
      </LiveNotice>
      <LiveNotice tone="bad">{message ?? (signIn.isPending ? null : setback)}</LiveNotice>
      <form noValidate onSubmit={onSubmit(signIn.mutate)} aria-label="Sign in">
        <TextInput label="E-mail" {...EMAIL_INPUT} key={form.key('email')} {...form.getInputProps('email')} />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" fullWidth size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
      {isPasskeyPlace(location) ? (
        <Button variant="default" loading={passkey.isPending} onClick={() => passkey.mutate()}>
          Sign in with a passkey
        </Button>
      ) : null}
      <p className={styles.footer}>
        <Link to="/forgot-password">Forgotten your password?</Link>
      </p>
    </AuthLayout>
  )
}
