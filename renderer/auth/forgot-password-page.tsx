import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type ForgotPasswordRequest, forgotPasswordRequest } from '../../contracts/password-reset'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice, Notice } from '../ui/notice'
import { AuthLayout } from './auth-layout'
import { EMAIL_INPUT } from './email-input'
import { useAuthSettings } from './use-auth-settings'
import { useSession } from './use-session'

/** What to do without the password: a link by mail, or where to get one. */
export function ForgotPasswordPage() {
  const { data: settings, isPending } = useAuthSettings()
  const hasMail = settings?.has_mail ?? false

  return (
    <AuthLayout
      key={isPending ? 'waiting' : 'ready'}
      title="Forgotten your password?"
      lead={hasMail ? 'Enter your e-mail address: a mail with a link that sets a new password goes to it.' : null}
      footer={<Link to="/sign-in">Back to sign-in</Link>}
    >
      {isPending ? null : hasMail ? <AskForMail /> : <AskSomebody />}
    </AuthLayout>
  )
}

function AskForMail() {
  const { api } = useServices()
  const current = useSession()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: forgotPasswordRequest,
    initialValues: { email: current.status === 'signed-out' ? current.email : '' },
  })
  const ask = useMutation({
    mutationFn: (values: ForgotPasswordRequest) => api.forgotPassword(values),
    onError: showFailure,
  })

  return (
    <>
      <LiveNotice tone="good">{ask.data ? `${ask.data.message} The link is good for 30 minutes.` : null}</LiveNotice>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(ask.mutate)} aria-label="Ask for a link">
        <TextInput label="E-mail" {...EMAIL_INPUT} key={form.key('email')} {...form.getInputProps('email')} />
        <Button type="submit" fullWidth size="md" loading={ask.isPending}>
          {ask.data ? 'Send it again' : 'Send the link'}
        </Button>
      </form>
    </>
  )
}

function AskSomebody() {
  return (
    <>
      <Notice tone="plain">
        This server sends no mail. An administrator can make a link for you that sets a new password. Whoever runs
        Aurelius on this computer can set one with <code>aurelius users reset-password</code>.
      </Notice>
      <p>
        You were given a link? <Link to="/reset-password">Use it here</Link>
      </p>
    </>
  )
}
