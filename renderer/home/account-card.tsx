import { Link } from 'react-router'
import { useAccount, useSignedIn } from '../auth/use-session'
import { Card } from '../ui/card'
import { Day, Duration, Fact, Facts, Moment, useNow } from '../ui/figures'

export function AccountCard() {
  const account = useAccount()

  return (
    <Card title="Your account" aside={<Link to="/profile">Profile and password</Link>}>
      <Facts>
        <Fact name="Name">{account.name}</Fact>
        <Fact name="E-mail">{account.email}</Fact>
        <Fact name="Role">{account.is_admin ? 'Administrator' : 'User'}</Fact>
        <Fact name="Member since">
          <Day at={account.created_at} />
        </Fact>
        <Fact name="Session ends">
          <SessionEnd />
        </Fact>
        <Fact name="Session kept in">
          <Keeping />
        </Fact>
      </Facts>
    </Card>
  )
}

function SessionEnd() {
  const { expiresAt } = useSignedIn()
  const left = Math.max(0, expiresAt - useNow()) / 1000
  return (
    <>
      at <Moment at={expiresAt} />, in <Duration seconds={left} />
    </>
  )
}

function Keeping() {
  const { isKept } = useSignedIn()
  if (!isKept) return 'This window only, because the keychain refused it'
  return window.aurelius ? 'The keychain of this computer' : 'This browser tab'
}
