import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type RecentEvent, recentEventList } from '../../contracts/events'
import { call } from '../api'
import { useServices } from '../app/services'
import { search } from '../ledger/ledger-api'
import { Loaded } from '../ledger/loaded'
import { ledgerKeys } from '../ledger/queries'
import { Card } from '../ui/card'
import { byDay } from './days'
import styles from './timeline.module.css'
import { timelineEntry } from './timeline-words'

const PAGE = 30
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** Everything that happened to a strategy, newest first and by day, where the reader is. */
export function TimelineCard({ strategyId }: { strategyId: string }) {
  const list = useTimeline(strategyId)
  return (
    <Card title="Timeline">
      <Loaded query={list} label="Loading the timeline">
        {({ pages }) => (
          <>
            {byDay(pages.flatMap(({ events }) => events)).map(({ day, events }) => (
              <section key={day} className={styles.day} aria-label={day}>
                <h3>{day}</h3>
                <ol>
                  {events.map((event) => (
                    <Entry key={event.id} event={event} />
                  ))}
                </ol>
              </section>
            ))}
            {list.hasNextPage ? (
              <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                Show earlier
              </Button>
            ) : null}
          </>
        )}
      </Loaded>
    </Card>
  )
}

function Entry({ event }: { event: RecentEvent }) {
  const { words, to, tone } = timelineEntry(event)
  return (
    <li className={styles.entry} data-tone={tone}>
      <time dateTime={event.at}>{TIME.format(new Date(event.at))}</time>
      <span>
        {to === null ? words : <Link to={to}>{words}</Link>}
        {event.actor_name === null ? null : <span className={styles.by}> by {event.actor_name}</span>}
      </span>
    </li>
  )
}

function useTimeline(strategyId: string) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: ledgerKeys.eventsOf(strategyId),
    queryFn: ({ pageParam, signal }) => {
      const query = search({ strategy_id: strategyId, limit: PAGE, cursor: pageParam })
      return session.call((token) => call(`/api/v1/events/recent${query}`, recentEventList, { token, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  })
}
