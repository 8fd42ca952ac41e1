import { Suspense } from 'react'
import { Outlet } from 'react-router'
import { StepUpPlace } from '../auth/step-up-place'
import { SignedInContext, useSession } from '../auth/use-session'
import { AccountAlerts } from '../live/account-alerts'
import { Loading } from '../ui/loading'
import styles from './frame.module.css'
import { Header } from './header'
import { SkipLink } from './skip-link'

/** What stays while pages change: the header, and the place where pages appear. */
export function Frame() {
  const session = useSession()

  return (
    <SignedInContext value={session.status === 'signed-in' ? session : null}>
      <SkipLink />
      <Header />
      {session.status === 'signed-in' ? <AccountAlerts /> : null}
      <main id="content" tabIndex={-1} className={styles.main}>
        <Suspense fallback={<Loading label="Opening the page" />}>
          <Outlet />
        </Suspense>
      </main>
      {session.status === 'signed-in' ? <StepUpPlace /> : null}
    </SignedInContext>
  )
}
