import type { LedgerEvent } from '../../contracts/events'
import type { DatabaseConfig } from '../config'
import { listenToPostgres } from '../db/postgres-listener'
import type { Log } from '../log'
import type { Events } from './events'

export const EVENTS_CHANNEL = 'aurelius_events'
const LOOK_MS = { sqlite: 500, postgres: 5_000 }
const BATCH = 500

export type EventListener = (events: LedgerEvent[]) => void
export type EventTail = ReturnType<typeof createEventTail>

export interface EventTailDependencies {
  events: Events
  database: DatabaseConfig
  password: string | undefined
  log: Log
}

/**
 * Follows the events of all nodes as they are committed, in the order of their ids: this node's at once, the others' by
 * NOTIFY on Postgres, and by looking twice a second on SQLite. Nothing is read while nobody follows.
 */
export function createEventTail({ events, database, password, log }: EventTailDependencies) {
  const listeners = new Set<EventListener>()
  let last: number | undefined
  let reading: Promise<void> | undefined
  let again = false
  let stop: (() => Promise<void>) | undefined
  let starting: Promise<void> | undefined

  async function readOn(): Promise<void> {
    do {
      again = false
      if (last === undefined || listeners.size === 0) return
      const found = await events.after(last, BATCH)
      if (found.length === 0) continue
      last = found.at(-1)?.id ?? last
      for (const listener of listeners) listener(found)
      if (found.length === BATCH) again = true
    } while (again)
  }

  function wake(): void {
    again = true
    reading ??= readOn()
      .catch((error) => log.warn({ err: error }, 'reading the events of the ledger failed; trying again'))
      .finally(() => {
        reading = undefined
        if (again && listeners.size > 0) setTimeout(wake, LOOK_MS.sqlite).unref()
      })
  }

  async function start(): Promise<void> {
    last = await events.lastId()
    const timer = setInterval(wake, LOOK_MS[database.dialect])
    timer.unref()
    const postgres =
      database.dialect === 'postgres'
        ? await listenToPostgres(database, password, EVENTS_CHANNEL, {
            onNotice: wake,
            onReconnected: wake,
            onHeard: () => undefined,
            onTrouble: (error) => log.warn({ err: error }, 'following the events of other nodes failed; trying again'),
          })
        : undefined
    stop = async () => {
      clearInterval(timer)
      await postgres?.close()
    }
    wake()
  }

  return {
    /** This node has written events. */
    wake,

    /**
     * Hands every later event to a listener; answers how to end that. Who goes on after an id follows first and reads
     * the list second, and leaves out what comes twice: so nothing falls in between.
     */
    async follow(listener: EventListener): Promise<() => void> {
      starting ??= start()
      await starting
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async close(): Promise<void> {
      listeners.clear()
      await starting?.catch(() => undefined)
      await stop?.()
      await reading
    },
  }
}
