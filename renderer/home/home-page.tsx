import { Page } from '../ui/page'
import { AccountCard } from './account-card'
import styles from './home.module.css'
import { ScriptCard } from './script-card'
import { ServerCard } from './server-card'

export function HomePage() {
  return (
    <Page title="Overview">
      <ServerCard />
      <div className={styles.columns}>
        <ScriptCard />
        <AccountCard />
      </div>
    </Page>
  )
}
