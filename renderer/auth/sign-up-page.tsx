import { Link, useLocation } from 'react-router'
import { roles } from '../../contracts/scopes'
import { Notice } from '../ui/notice'
import { Problem } from '../ui/problem'
import { AuthLayout } from './auth-layout'
import { InvitationForm } from './invitation-form'
import { SignUpForm } from './sign-up-form'
import { useAuthSettings } from './use-auth-settings'
import { useInvitation } from './use-invitation'

export function SignUpPage() {
  const { state } = useLocation()
  const { data: settings, isPending } = useAuthSettings()
  const { token, offer, isLooking, error, retry } = useInvitation()
  const mode = settings?.registration ?? 'open'

  return (
    <AuthLayout
      key={isPending || isLooking ? 'waiting' : 'ready'}
      title="Create your account"
      lead={offer ? `You are invited as ${articleOf(offer.role)} ${roles[offer.role].label.toLowerCase()}.` : null}
      footer={
        <>
          Already have an account?{' '}
          <Link to="/sign-in" state={state}>
            Sign in
          </Link>
        </>
      }
    >
      {isPending || isLooking ? null : (
        <>
          {mode !== 'closed' && error ? <Problem error={error} {...(retry && { onRetry: retry })} /> : null}
          {mode === 'closed' ? (
            <Notice tone="plain">This server takes no new accounts. Ask its administrator for one.</Notice>
          ) : null}
          {offer || mode === 'open' ? (
            <SignUpForm invitation={offer ? token : null} email={offer?.email ?? null} />
          ) : null}
          {mode === 'invitation' && !offer ? <InvitationForm /> : null}
        </>
      )}
    </AuthLayout>
  )
}

function articleOf(role: keyof typeof roles): string {
  return /^[aeiou]/i.test(roles[role].label) ? 'an' : 'a'
}
