import { Link } from 'react-router'
import { useKeys } from '../keys/use-keys'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import styles from './profile.module.css'

/** Says whether scripts may use the account, and where to see to it. */
export function ApiKeysCard() {
  const { data } = useKeys()
  const live = data?.api_keys.filter(({ is_expired }) => !is_expired) ?? []
  const lastUsed = live
    .map(({ last_used_at }) => last_used_at ?? '')
    .sort()
    .at(-1)

  return (
    <Card title="API keys" aside={<Link to="/keys">Manage API keys</Link>}>
      <p className={styles.lead}>
        Keys let your scripts use Aurelius without your password. {data ? summary(live.length) : null}
        {lastUsed ? (
          <>
            {' '}
            Last used: <Moment at={lastUsed} />.
          </>
        ) : null}
      </p>
    </Card>
  )
}

function summary(keys: number): string {
  if (keys === 0) return 'You have none.'
  return keys === 1 ? 'You have one.' : `You have ${keys}.`
}
