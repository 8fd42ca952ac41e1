import { Link } from 'react-router'
import { count } from '../ledger/format'
import { Loaded } from '../ledger/loaded'
import { runName } from '../ledger/run-name'
import { useRunningRuns } from '../ledger/use-runs'
import { Card } from '../ui/card'
import styles from './home.module.css'

export function RunningCard() {
  const query = useRunningRuns()
  return (
    <Card title="Runs in progress">
      <Loaded query={query} label="Loading the runs in progress">
        {({ backtests }) =>
          backtests.length === 0 ? (
            <p className={styles.quiet}>No script is recording a run.</p>
          ) : (
            <ul className={styles.news}>
              {backtests.map((run) => (
                <li key={run.id}>
                  <span>
                    <Link to={`/backtests/${run.id}`}>{runName(run)}</Link>
                    <span className={styles.quiet}> of {run.strategy_name}</span>
                  </span>
                  <span className={styles.share}>
                    {run.progress === null ? null : (
                      <progress aria-label={`Progress of ${runName(run)}`} value={run.progress} max={1} />
                    )}
                    {run.progress === null ? `${count(run.point_count)} points` : `${Math.floor(run.progress * 100)} %`}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
