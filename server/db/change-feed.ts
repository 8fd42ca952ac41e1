import { QueryTypes, type Transaction } from 'sequelize'
import type { DatabaseConfig } from '../config'
import { type AccountChange, accountChange } from './account-change'
import type { Database } from './database'
import { listenToPostgres } from './postgres-listener'
import { followSqlite } from './sqlite-changes'

const CHANNEL = 'aurelius_changes'
const SESSIONS_PER_NOTICE = 100 // Postgres carries at most 8,000 bytes
const POSTGRES_RELOAD_MS = 30_000
const CATCH_UP_RETRY_MS = 500
const LONGEST_SILENCE_MS = 30_000

export interface ChangeListener {
  onChange(change: AccountChange): void
  /** Notices may have been missed: load everything again. */
  onGap(): Promise<void>
  onTrouble(error: unknown): void
}

export interface ChangeFeed {
  /** Tells the other nodes when, and only if, the transaction commits. */
  announce(change: AccountChange, transaction: Transaction): Promise<void>
  /** Whether what the other nodes changed is known here, but for the last half minute. */
  isCurrent(): boolean
  close(): Promise<void>
}

/** Joins this node to the others on the same database: LISTEN/NOTIFY on Postgres, marks in the file on SQLite. */
export async function openChangeFeed(
  database: Database,
  config: DatabaseConfig,
  password: string | undefined,
  listener: ChangeListener,
  now: () => number,
): Promise<ChangeFeed> {
  if (config.dialect === 'sqlite') return followSqlite(database, config, listener)
  let heardAt = now()
  let missing = false
  let closed = false
  const heard = () => {
    if (!missing) heardAt = now()
  }
  let catchingUp = Promise.resolve()
  let again: NodeJS.Timeout | undefined
  const caughtUp = () => {
    if (!missing) return
    missing = false
    heard()
  }
  const notCaughtUp = (error: unknown) => {
    listener.onTrouble(error)
    // The pool's own connections may have died with the listener's: until all is loaded, no token is trusted for long.
    clearTimeout(again)
    if (missing && !closed) again = setTimeout(catchUp, CATCH_UP_RETRY_MS)
  }
  const catchUp = () => {
    catchingUp = catchingUp.then(listener.onGap).then(caughtUp, notCaughtUp)
  }
  const postgres = await listenToPostgres(config, password, CHANNEL, {
    onNotice(payload) {
      try {
        listener.onChange(accountChange.parse(JSON.parse(payload)))
      } catch (error) {
        // Anybody who may use the database may write to its channels.
        listener.onTrouble(error)
      }
    },
    onReconnected() {
      missing = true
      catchUp()
    },
    onHeard: heard,
    onTrouble: listener.onTrouble,
  })
  const timer = setInterval(catchUp, POSTGRES_RELOAD_MS)
  timer.unref()
  return {
    async announce({ revoked, ...change }, transaction) {
      for (let from = 0; from === 0 || from < revoked.length; from += SESSIONS_PER_NOTICE) {
        const payload = JSON.stringify({ ...change, revoked: revoked.slice(from, from + SESSIONS_PER_NOTICE) })
        await database.sequelize.query('SELECT pg_notify(:channel, :payload)', {
          replacements: { channel: CHANNEL, payload },
          type: QueryTypes.SELECT,
          transaction,
        })
      }
    },
    isCurrent() {
      // In both directions: a clock that was put back would make silence look short.
      if (Math.abs(now() - heardAt) <= LONGEST_SILENCE_MS) return true
      postgres.ask()
      return false
    },
    async close() {
      closed = true
      clearInterval(timer)
      clearTimeout(again)
      await postgres.close()
      await catchingUp
    },
  }
}
