import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ConfirmationOffer } from '../../contracts/email-address'
import { useServices } from '../app/services'
import { LiveNotice } from '../ui/notice'
import { Problem } from '../ui/problem'
import { AuthLayout } from './auth-layout'
import { PasteLinkForm } from './paste-link-form'
import { useLinkLook } from './use-link-look'

/** Where the links of mails lead that confirm an address. They count when the button is pressed: programs open links too. */
export function ConfirmEmailPage() {
  const { api } = useServices()
  const { token, data, error, isLoading, onRetry } = useLinkLook('confirmation', api.lookAtConfirmation)

  return (
    <AuthLayout
      key={`${token} ${isLoading}`}
      title="Confirm your e-mail address"
      lead={data ? sentence(data) : null}
      footer={<Link to="/profile">Go to your profile</Link>}
    >
      {error ? <Problem error={error} {...(onRetry && { onRetry })} /> : null}
      {data && token !== null ? <ConfirmButton token={token} /> : null}
      {token === null ? <PasteLinkForm name="Link" label="Link" description="Paste the link from the mail." /> : null}
    </AuthLayout>
  )
}

function ConfirmButton({ token }: { token: string }) {
  const { api } = useServices()
  const queries = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => api.confirmEmail(token),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['account'] }),
  })

  return (
    <>
      <LiveNotice tone="good">{confirm.data?.message ?? null}</LiveNotice>
      <LiveNotice tone="bad">{confirm.error?.message ?? null}</LiveNotice>
      {confirm.data ? null : (
        <Button fullWidth size="md" loading={confirm.isPending} onClick={() => confirm.mutate()}>
          Confirm
        </Button>
      )}
    </>
  )
}

function sentence({ kind, email, new_email: newEmail }: ConfirmationOffer): string {
  if (kind === 'verification') return `Confirm that ${email} is yours, and the address of your Aurelius account.`
  if (email === null) return `Confirm that ${newEmail} is yours, and to be the new address of your Aurelius account.`
  return `Your Aurelius account is to have the address ${newEmail} instead of ${email}. Confirm it if that was you.`
}
