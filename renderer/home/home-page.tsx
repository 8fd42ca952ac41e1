import { FirstSteps } from '../ledger/first-steps'
import { Loaded } from '../ledger/loaded'
import { useStrategies } from '../ledger/use-strategies'
import { Card } from '../ui/card'
import { Page } from '../ui/page'
import { AccountCard } from './account-card'
import styles from './home.module.css'
import { NewsCard } from './news-card'
import { RunningCard } from './running-card'
import { ScriptCard } from './script-card'
import { ServerCard } from './server-card'
import { WaitingCard } from './waiting-card'

export function HomePage() {
  const strategies = useStrategies({ status: 'any' })
  return (
    <Page title="Overview">
      <ServerCard />
      <Loaded query={strategies} label="Loading the overview">
        {({ pages }) =>
          pages[0]?.strategies.length === 0 ? (
            <Card title="Begin">
              <FirstSteps isOverview />
            </Card>
          ) : (
            <>
              <div className={styles.halves}>
                <WaitingCard />
                <RunningCard />
              </div>
              <NewsCard />
            </>
          )
        }
      </Loaded>
      <div className={styles.columns}>
        <ScriptCard />
        <AccountCard />
      </div>
    </Page>
  )
}
