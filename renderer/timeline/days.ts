import type { RecentEvent } from '../../contracts/events'

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** Events in the order they came in, under the days on which they happened where the reader is. */
export function byDay(events: RecentEvent[]): { day: string; events: RecentEvent[] }[] {
  const days: { day: string; events: RecentEvent[] }[] = []
  for (const event of events) {
    const day = DAY.format(new Date(event.at))
    const last = days.at(-1)
    if (last?.day === day) last.events.push(event)
    else days.push({ day, events: [event] })
  }
  return days
}
