import { useEffect } from 'react'
import { useLocation } from 'react-router'
import { useAccount } from '../auth/use-session'
import { Card } from '../ui/card'
import { Page } from '../ui/page'
import { AccountCard } from './account-card'
import { ActivityCard } from './activity-card'
import { ApiKeysCard } from './api-keys-card'
import { ChangePasswordForm } from './change-password-form'
import { SecondFactorCard } from './factors/second-factor-card'
import { NotificationsCard } from './notifications-card'
import styles from './profile.module.css'
import { SessionsCard } from './sessions-card'
import { YourDataCard } from './your-data-card'

export function ProfilePage() {
  const { name, email } = useAccount()
  const { hash } = useLocation()

  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash])

  return (
    <Page title="Profile">
      <div className={styles.cards}>
        <AccountCard />
        <Card title="Password">
          <ChangePasswordForm name={name} email={email} />
        </Card>
        <div className={styles.wide} id="second-factor">
          <SecondFactorCard />
        </div>
        <div className={styles.wide} id="sessions">
          <SessionsCard />
        </div>
        <div className={styles.wide}>
          <ApiKeysCard />
        </div>
        <div className={styles.wide}>
          <NotificationsCard />
        </div>
        <div className={styles.wide}>
          <ActivityCard />
        </div>
        <div className={styles.wide}>
          <YourDataCard />
        </div>
      </div>
    </Page>
  )
}
