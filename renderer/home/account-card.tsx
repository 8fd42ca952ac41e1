import { Skeleton } from '@mantine/core'
import { Link } from 'react-router'
import { RoleName } from '../auth/role-name'
import { useAccount } from '../auth/use-session'
import { useSessions } from '../profile/use-sessions'
import { Card } from '../ui/card'
import { Day, Duration, Fact, Facts, useNow } from '../ui/figures'

export function AccountCard() {
  const account = useAccount()

  return (
    <Card title="Your account" aside={<Link to="/profile">Profile, password and sessions</Link>}>
      <Facts>
        <Fact name="Name">{account.name}</Fact>
        <Fact name="E-mail">{account.email}</Fact>
        <Fact name="Role">
          <RoleName />
        </Fact>
        <Fact name="Member since">
          <Day at={account.created_at} />
        </Fact>
        <Fact name="Session ends">
          <SessionEnd />
        </Fact>
      </Facts>
    </Card>
  )
}

/** Renewing moves it on, so it is the end of a session that nobody uses any more. */
function SessionEnd() {
  const { data, error } = useSessions()
  const now = useNow()
  const current = data?.sessions.find(({ is_current }) => is_current)
  if (!current) return error ? '—' : <Skeleton height={20} width={160} />
  const end = Date.parse(current.expires_at)
  return (
    <>
      <Day at={end} />, in <Duration seconds={Math.max(0, end - now) / 1000} />, if you leave it unused
    </>
  )
}
