import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { resetPasswordRequest } from '../../contracts/password-reset'
import { useServices } from '../app/services'
import { useContractForm } from '../ui/form'
import { LiveNotice } from '../ui/notice'
import { PasswordOwner } from '../ui/password-field'
import { Problem } from '../ui/problem'
import { AuthLayout } from './auth-layout'
import { NewPasswordField } from './new-password-field'
import { PasteLinkForm } from './paste-link-form'
import { useLinkLook } from './use-link-look'

const typed = resetPasswordRequest.pick({ new_password: true })

/** Where a link for a new password leads, from a mail or from an administrator. */
export function ResetPasswordPage() {
  const { api } = useServices()
  const { token, data, error, isLoading, onRetry } = useLinkLook('password-reset', api.lookAtPasswordReset)

  return (
    <AuthLayout
      key={`${token} ${isLoading}`}
      title="Set a new password"
      lead={data ? `For ${data.email}. Every session of this account ends.` : null}
      footer={<Link to="/sign-in">Back to sign-in</Link>}
    >
      {error ? (
        <>
          <Problem error={error} {...(onRetry && { onRetry })} />
          {onRetry ? null : <Link to="/forgot-password">Ask for a new link</Link>}
        </>
      ) : null}
      {data && token !== null ? <NewPasswordForm token={token} email={data.email} /> : null}
      {token === null ? (
        <PasteLinkForm
          name="Link"
          label="Link"
          description="Paste the link from the mail, or the one an administrator gave you."
        />
      ) : null}
    </AuthLayout>
  )
}

function NewPasswordForm({ token, email }: { token: string; email: string }) {
  const { api, session } = useServices()
  const navigate = useNavigate()
  const { form, message, showFailure, onSubmit } = useContractForm({
    contract: typed,
    initialValues: { new_password: '' },
  })
  const reset = useMutation({
    mutationFn: async (values: { new_password: string }) => {
      const { message: done } = await api.resetPassword({ token, ...values })
      await session.end()
      return done
    },
    onError: showFailure,
    onSuccess(done) {
      session.forget(done)
      navigate('/sign-in')
    },
  })

  return (
    <>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <form noValidate onSubmit={onSubmit(reset.mutate)} aria-label="Set a new password">
        <PasswordOwner email={email} />
        <NewPasswordField
          label="New password"
          context={() => [email]}
          key={form.key('new_password')}
          {...form.getInputProps('new_password')}
        />
        <Button type="submit" fullWidth size="md" loading={reset.isPending}>
          Set password
        </Button>
      </form>
    </>
  )
}
