import type { RealtimeStream } from '../../contracts/realtime'
import type { Principal } from '../auth/principal'
import type { TailListener } from '../db/tail'
import type { Log } from '../log'
import type { Connection } from './connection'
import { textFrame } from './text-frame'

const PAGE = 500

/** Where the events of a stream come from. */
export interface StreamSource<Event extends { id: number }> {
  name: RealtimeStream
  mayFollow(principal: Principal): boolean
  follow(listener: TailListener<Event>): Promise<() => void>
  lastId(): Promise<number>
  /** The oldest event that is kept; `null` where there is none. */
  firstId(): Promise<number | null>
  /** What somebody may see after an id, oldest first, and the id to go on after. */
  list(principal: Principal, page: { after: number; limit: number }): Promise<{ events: Event[]; last_id: number }>
  /** The circle of people an event is for. */
  circleOf(event: Event): string
  /** Who is in each of some circles now. */
  membersOf(circles: string[]): Promise<Map<string, Set<string>>>
  /** An event as the person reads it. */
  shown(event: Event): object
}

interface Follower {
  at: number // every event up to here was sent, or is not for this person
  isCaughtUp: boolean
}

export type Stream = ReturnType<typeof createStream>

/**
 * Delivers the events of a stream to the connections that follow it: first what came after the id they name, page by
 * page from the table, then what comes, as it comes. Who may see an event is asked when it is delivered. What many may
 * see is written as JSON once.
 */
export function createStream<Event extends { id: number }>(source: StreamSource<Event>, log: Log) {
  const followers = new Map<Connection, Follower>()
  let delivering = Promise.resolve()
  let delivered = 0 // every event up to here was handed to those who had caught up
  let stop: (() => void) | undefined
  let starting: Promise<void> | undefined

  async function deliver(events: Event[]): Promise<void> {
    const circles = [...new Set(events.map(source.circleOf))]
    const members = await source.membersOf(circles)
    const frames = new Map<string, Buffer | undefined>() // by who reads them
    const made = new Map<string, Buffer>() // by what is in them
    const texts = events.map((event) => JSON.stringify(source.shown(event)))
    const [first, last] = [events[0]?.id ?? 0, events.at(-1)?.id ?? 0]

    function frameFor(userId: string, after: number): Buffer | undefined {
      const key = `${userId} ${Math.max(after, first - 1)}`
      if (frames.has(key)) return frames.get(key)
      const seen = circles.filter((circle) => members.get(circle)?.has(userId))
      const chosen = texts.filter((_text, index) => {
        const event = events[index]
        return event && event.id > after && seen.includes(source.circleOf(event))
      })
      const text = chosen.join(',')
      const known = chosen.length > 0 ? (made.get(text) ?? frame(text)) : undefined
      if (known) made.set(text, known)
      frames.set(key, known)
      return known
    }

    delivered = Math.max(delivered, last)
    for (const [connection, follower] of followers) {
      if (!follower.isCaughtUp) continue
      const principal = connection.principal()
      if (!principal) continue
      const frame = frameFor(principal.userId, follower.at)
      if (!source.mayFollow(principal)) connection.refuseStream()
      else if (frame) connection.send(frame)
      follower.at = Math.max(follower.at, last)
    }
  }

  async function start(): Promise<void> {
    stop = await source.follow((events) => {
      delivering = delivering
        .then(() => deliver(events))
        .catch((error) => {
          // Nobody may miss something and go on: they connect again and are caught up from the table.
          log.warn({ err: error }, 'events could not be delivered')
          for (const connection of followers.keys()) connection.tryAgain()
        })
    })
    delivered = Math.max(delivered, await source.lastId())
  }

  async function catchUp(connection: Connection, follower: Follower, after: number): Promise<void> {
    follower.at = after
    while (followers.get(connection) === follower && !follower.isCaughtUp) {
      const principal = connection.principal()
      if (!principal) return
      const { events, last_id } = await source.list(principal, { after: follower.at, limit: PAGE })
      if (followers.get(connection) !== follower) return
      follower.at = Math.max(follower.at, last_id)
      follower.isCaughtUp = follower.at >= delivered
      if (events.length > 0)
        await connection.sendAndWait(frame(events.map((event) => JSON.stringify(source.shown(event))).join(',')))
    }
  }

  const frame = (events: string) => textFrame(`{"type":"events","stream":"${source.name}","events":[${events}]}`)

  return {
    /** Begins, or begins again, for a connection: after an id, or with what comes from now on. */
    async follow(connection: Connection, asked: number | undefined): Promise<void> {
      const principal = connection.principal()
      if (!principal || !source.mayFollow(principal)) return connection.refuseStream()
      const follower: Follower = { at: 0, isCaughtUp: false }
      followers.set(connection, follower)
      starting ??= start()
      await starting.catch((error) => {
        starting = undefined
        throw error
      })
      const [first, last] = await Promise.all([source.firstId(), source.lastId()])
      const isKept = asked === undefined || (asked <= last && asked >= (first ?? last + 1) - 1)
      const after = isKept ? (asked ?? last) : Math.max(last, delivered) // nothing at all may be kept any more
      if (followers.get(connection) !== follower) return
      connection.tell({ type: 'following', stream: source.name, last_id: after, is_complete: isKept })
      await catchUp(connection, follower, after)
    },

    leave(connection: Connection): void {
      followers.delete(connection)
    },

    close(): void {
      stop?.()
      followers.clear()
    },
  }
}
