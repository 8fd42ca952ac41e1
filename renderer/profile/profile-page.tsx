import { useAccount } from '../auth/use-session'
import { Card } from '../ui/card'
import { Day, Fact, Facts } from '../ui/figures'
import { Page } from '../ui/page'
import { ChangePasswordForm } from './change-password-form'
import { SecondFactorCard } from './factors/second-factor-card'
import styles from './profile.module.css'
import { SessionsCard } from './sessions-card'

export function ProfilePage() {
  const account = useAccount()

  return (
    <Page title="Profile">
      <div className={styles.cards}>
        <Card title="Account">
          <Facts>
            <Fact name="Name">{account.name}</Fact>
            <Fact name="E-mail">{account.email}</Fact>
            <Fact name="Role">{account.is_admin ? 'Administrator' : 'User'}</Fact>
            <Fact name="Created">
              <Day at={account.created_at} />
            </Fact>
          </Facts>
        </Card>
        <Card title="Password">
          <ChangePasswordForm email={account.email} />
        </Card>
        <div className={styles.wide}>
          <SecondFactorCard />
        </div>
        <SessionsCard />
      </div>
    </Page>
  )
}
