import type { DatabaseConfig } from '../config'
import type { Log } from '../log'
import { listenToPostgres } from './postgres-listener'

const COLLECT_MS = 16 // a frame of the screen: what happens within it is read, and told, together
const LOOK_MS = 500
const LOOK_BESIDE_NOTICES_MS = 5_000
const BATCH = 500

/** Entries of a table that only grows, in the order in which they were committed. */
export interface TailSource<Entry> {
  lastId(): Promise<number>
  /** Entries after an id, and the id to go on after: with fewer than the limit, all there are up to there. */
  readOn(after: number, limit: number): Promise<{ entries: Entry[]; lastId: number }>
}

export type TailListener<Entry> = (entries: Entry[]) => void
export type Tail<Entry> = ReturnType<typeof createTail<Entry>>

export interface TailDependencies<Entry> {
  source: TailSource<Entry>
  /** How this node hears on Postgres of what others wrote; without it, and on SQLite, it looks twice a second. */
  notices?: { database: DatabaseConfig; password: string | undefined; channel: string }
  log: Log
}

/**
 * Follows a table as all nodes write it, in the order of its ids: what this node writes at once, the others' by NOTIFY or
 * by looking. Nothing is read while nobody follows.
 */
export function createTail<Entry>({ source, notices, log }: TailDependencies<Entry>) {
  const listeners = new Set<TailListener<Entry>>()
  const database = notices?.database
  let last: number | undefined
  let waiting: NodeJS.Timeout | undefined
  let reading: Promise<void> | undefined
  let again = false
  let stop: (() => Promise<void>) | undefined
  let starting: Promise<void> | undefined

  async function readOn(): Promise<void> {
    do {
      again = false
      if (last === undefined || listeners.size === 0) return
      const { entries, lastId } = await source.readOn(last, BATCH)
      last = lastId
      if (entries.length === 0) continue
      for (const listener of listeners) listener(entries)
      if (entries.length === BATCH) again = true
    } while (again)
  }

  function read(): void {
    waiting = undefined
    again = true
    reading ??= readOn()
      .catch((error) => {
        log.warn({ err: error }, 'following what other nodes write failed; trying again')
        waiting ??= setTimeout(read, LOOK_MS).unref()
      })
      .finally(() => {
        reading = undefined
      })
  }

  function wake(): void {
    if (listeners.size > 0) waiting ??= setTimeout(read, COLLECT_MS).unref()
  }

  async function start(): Promise<void> {
    last = await source.lastId()
    const postgres =
      notices && database?.dialect === 'postgres'
        ? await listenToPostgres(database, notices.password, notices.channel, {
            onNotice: wake,
            onReconnected: wake,
            onHeard: () => undefined,
            onTrouble: (error) => log.warn({ err: error }, 'hearing of what other nodes write failed; trying again'),
          })
        : undefined
    const timer = setInterval(wake, postgres ? LOOK_BESIDE_NOTICES_MS : LOOK_MS)
    timer.unref()
    stop = async () => {
      clearInterval(timer)
      await postgres?.close()
    }
  }

  return {
    /** This node has written something. */
    wake,

    /**
     * Hands every later entry to a listener; answers how to end that. Who goes on after an id follows first and reads
     * the table second, and leaves out what comes twice: so nothing falls in between.
     */
    async follow(listener: TailListener<Entry>): Promise<() => void> {
      starting ??= start()
      await starting.catch((error) => {
        starting = undefined
        throw error
      })
      listeners.add(listener)
      wake()
      return () => listeners.delete(listener)
    },

    async close(): Promise<void> {
      listeners.clear()
      clearTimeout(waiting)
      await starting?.catch(() => undefined)
      await stop?.()
      await reading
    },
  }
}
