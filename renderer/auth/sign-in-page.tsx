import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from 'react-router'
import { loginRequest } from '../../contracts/auth'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField } from '../ui/password-field'
import { AuthLayout } from './auth-layout'
import { EMAIL_INPUT } from './email-input'
import { useSession } from './use-session'

export function SignInPage() {
  const { api, session } = useServices()
  const current = useSession()
  const { state } = useLocation()
  const lastEmail = current.status === 'signed-out' ? current.email : ''
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: loginRequest,
    initialValues: { email: lastEmail, password: '' },
  })
  const signIn = useMutation({
    mutationFn: async (values: { email: string; password: string }) => session.begin(await api.login(values)),
    onError(error) {
      const isRefused = error instanceof ApiError && error.code === 'invalid_credentials'
      showFailure(isRefused ? new Error('Wrong e-mail or password.', { cause: error }) : error)
      if (isRefused) form.getInputNode('password')?.focus()
    },
  })

  return (
    <AuthLayout
      title="Sign in"
      footer={
        <>
          New here?{' '}
          <Link to="/sign-up" state={state}>
            Create an account
          </Link>
        </>
      }
    >
      <LiveNotice tone="plain">{current.status === 'signed-out' && !message ? current.notice : null}</LiveNotice>
      <LiveNotice tone="bad">{message}</LiveNotice>
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
    </AuthLayout>
  )
}
