import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from 'react-router'
import { PASSWORD_MIN_LENGTH, type RegisterRequest, registerRequest } from '../../contracts/auth'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordField } from '../ui/password-field'
import { AuthLayout } from './auth-layout'
import { EMAIL_INPUT } from './email-input'

export function SignUpPage() {
  const { api, session } = useServices()
  const { state } = useLocation()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: registerRequest,
    initialValues: { name: '', email: '', password: '' },
    fieldOf: { email_taken: 'email' },
  })
  const signUp = useMutation({
    mutationFn: async (values: RegisterRequest) => session.begin(await api.register(values)),
    onError: showFailure,
  })

  return (
    <AuthLayout
      title="Create your account"
      footer={
        <>
          Already have an account?{' '}
          <Link to="/sign-in" state={state}>
            Sign in
          </Link>
        </>
      }
    >
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(signUp.mutate)} aria-label="Create your account">
        <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
        <TextInput label="E-mail" {...EMAIL_INPUT} key={form.key('email')} {...form.getInputProps('email')} />
        <PasswordField
          label="Password"
          description={`At least ${PASSWORD_MIN_LENGTH} characters. A few words with spaces are easy to remember and hard to guess.`}
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" fullWidth size="md" loading={signUp.isPending}>
          Create account
        </Button>
      </form>
    </AuthLayout>
  )
}
