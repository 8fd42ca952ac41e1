import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { registerRequest } from '../../contracts/auth'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { EMAIL_INPUT } from './email-input'
import { NewPasswordField } from './new-password-field'

const typed = registerRequest.omit({ invitation: true })

interface SignUpFormProps {
  invitation: string | null
  /** Whom the invitation is for; null: whoever has it. */
  email: string | null
}

export function SignUpForm({ invitation, email }: SignUpFormProps) {
  const { api, session } = useServices()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: typed,
    initialValues: { name: '', email: email ?? '', password: '' },
    fieldOf: { email_taken: 'email' },
  })
  const signUp = useMutation({
    mutationFn: async (values: { name: string; email: string; password: string }) =>
      session.begin(await api.register({ ...values, ...(invitation !== null && { invitation }) })),
    onError: showFailure,
  })

  return (
    <>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(signUp.mutate)} aria-label="Create your account">
        <TextInput label="Name" autoComplete="name" key={form.key('name')} {...form.getInputProps('name')} />
        <TextInput
          label="E-mail"
          description={email === null ? null : 'The invitation is for this address.'}
          readOnly={email !== null}
          {...EMAIL_INPUT}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <NewPasswordField
          label="Password"
          context={() => [form.getValues().name, form.getValues().email]}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" fullWidth size="md" loading={signUp.isPending}>
          Create account
        </Button>
      </form>
    </>
  )
}
