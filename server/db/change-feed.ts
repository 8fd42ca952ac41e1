import { QueryTypes, type Transaction } from 'sequelize'
import type { DatabaseConfig } from '../config'
import { type AccountChange, accountChange } from './account-change'
import type { Database } from './database'
import { listenToPostgres } from './postgres-listener'

const CHANNEL = 'aurelius_changes'
const SESSIONS_PER_NOTICE = 100 // Postgres carries at most 8,000 bytes
const SQLITE_LOOK_MS = 500
const POSTGRES_RELOAD_MS = 30_000

export interface ChangeListener {
  onChange(change: AccountChange): void
  /** Notices may have been missed: load everything again. */
  onGap(): Promise<void>
  onTrouble(error: unknown): void
}

export interface ChangeFeed {
  /** Tells the other nodes when, and only if, the transaction commits. */
  announce(change: AccountChange, transaction: Transaction): Promise<void>
  close(): Promise<void>
}

/** Joins this node to the others on the same database: LISTEN/NOTIFY on Postgres, the file's change counter on SQLite. */
export async function openChangeFeed(
  database: Database,
  config: DatabaseConfig,
  password: string | undefined,
  listener: ChangeListener,
): Promise<ChangeFeed> {
  if (config.dialect === 'sqlite') {
    const close = await watchSqlite(database, listener)
    return { announce: async () => undefined, close }
  }
  let catchingUp = Promise.resolve()
  const catchUp = () => {
    catchingUp = catchingUp.then(listener.onGap).catch(listener.onTrouble)
  }
  const stopListening = await listenToPostgres(config, password, CHANNEL, {
    onNotice(payload) {
      try {
        listener.onChange(accountChange.parse(JSON.parse(payload)))
      } catch (error) {
        // Anybody who may use the database may write to its channels.
        listener.onTrouble(error)
      }
    },
    onReconnected: catchUp,
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
    async close() {
      clearInterval(timer)
      await stopListening()
      await catchingUp
    },
  }
}

/** `PRAGMA data_version` differs after another connection changed the file; it costs no disk access. */
async function watchSqlite({ sequelize }: Database, listener: ChangeListener): Promise<() => Promise<void>> {
  const read = async () => {
    const [row] = await sequelize.query<{ data_version: number }>('PRAGMA data_version', {
      type: QueryTypes.SELECT,
      logging: false,
    })
    return row?.data_version
  }
  let seen = await read()
  const look = async () => {
    const version = await read()
    if (version !== seen) await listener.onGap()
    seen = version
  }
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch(listener.onTrouble)
      .finally(() => {
        looking = undefined
      })
  }, SQLITE_LOOK_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}
