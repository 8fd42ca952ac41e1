import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { recentEventList } from '../../contracts/events'
import { call } from '../api'
import { useServices } from '../app/services'
import { useAccount } from '../auth/use-session'
import { Loaded } from '../ledger/loaded'
import { ledgerKeys } from '../ledger/queries'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import { eventWords } from './event-words'
import styles from './home.module.css'
import { readLastSeen, writeLastSeen } from './last-seen'

/** What happened last; what is new since this person looked here before is marked. */
export function NewsCard() {
  const { session } = useServices()
  const { id } = useAccount()
  const [lastSeen] = useState(() => readLastSeen(id))
  const query = useQuery({
    queryKey: ledgerKeys.recentEvents,
    queryFn: ({ signal }) =>
      session.call((token) => call('/api/v1/events/recent?limit=12', recentEventList, { token, signal })),
  })
  const newest = query.data?.last_id ?? 0
  useEffect(() => {
    if (newest > 0) writeLastSeen(id, newest)
  }, [id, newest])

  return (
    <Card title="Since you last looked">
      <Loaded query={query} label="Loading what happened">
        {({ events }) => {
          const isNew = (eventId: number) => lastSeen !== null && eventId > lastSeen
          const fresh = events.filter((event) => isNew(event.id)).length
          return (
            <>
              <p className={styles.quiet}>{summary(events.length, fresh, lastSeen !== null)}</p>
              <ul className={styles.news}>
                {events.map((event) => {
                  const { words, to } = eventWords(event)
                  return (
                    <li key={event.id}>
                      <span>
                        <Link to={to}>{event.strategy_name}</Link> {words}{' '}
                        {isNew(event.id) ? <Badge tone="waiting">New</Badge> : null}
                      </span>
                      <Moment at={event.at} />
                    </li>
                  )
                })}
              </ul>
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

function summary(shown: number, fresh: number, hasLooked: boolean): string {
  if (shown === 0) return 'Nothing has happened yet.'
  if (!hasLooked) return 'What happened last:'
  if (fresh === 0) return 'Nothing new. What happened before:'
  if (fresh === shown) return `At least ${fresh} things are new.`
  return fresh === 1 ? 'One thing is new.' : `${fresh} things are new.`
}
