import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import type { DatabaseConfig } from '../config'
import { ownPassword } from './postgres-password'

const HEARTBEAT_MS = 10_000
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

export interface ListenerHooks {
  onNotice(payload: string): void
  onReconnected(): void
  /** The server has answered on this connection, so nothing that was said before is missing. */
  onHeard(): void
  onTrouble(error: unknown): void
}

export interface PostgresListener {
  /** Has the server answer now rather than at the next heartbeat. */
  ask(): void
  close(): Promise<void>
}

/**
 * Keeps one connection that listens on a channel, for as long as it takes, and answers how to end it.
 * A connection that is gone without saying so shows in the heartbeat.
 */
export async function listenToPostgres(
  config: DatabaseConfig & { dialect: 'postgres' },
  password: string | undefined,
  channel: string,
  hooks: ListenerHooks,
): Promise<PostgresListener> {
  const pg = await import('pg')
  const ClientClass = pg.default?.Client ?? pg.Client
  let client: Client | undefined
  let reconnecting: Promise<void> | undefined
  const stop = new AbortController()

  async function connect(): Promise<void> {
    const fresh = new ClientClass({
      host: config.host,
      port: config.port,
      database: config.name,
      user: config.user,
      password: ownPassword(password),
      ssl: config.ssl ? { rejectUnauthorized: true } : false,
      keepAlive: true,
      connectionTimeoutMillis: HEARTBEAT_MS,
      query_timeout: HEARTBEAT_MS,
      application_name: 'aurelius-listener',
    })
    fresh.on('notification', ({ payload }) => payload && hooks.onNotice(payload))
    fresh.on('error', hooks.onTrouble)
    fresh.once('end', () => {
      if (client === fresh) reconnecting = reconnect()
    })
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${channel}`)
    } catch (error) {
      fresh.end().catch(hooks.onTrouble)
      throw error
    }
    if (stop.signal.aborted) await fresh.end()
    else client = fresh
  }

  async function reconnect(): Promise<void> {
    client = undefined
    for (let delay = FIRST_RETRY_MS; !stop.signal.aborted; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        await connect()
        if (!stop.signal.aborted) hooks.onReconnected()
        return
      } catch (error) {
        hooks.onTrouble(error)
        await wait(delay, undefined, { ref: false, signal: stop.signal }).catch(() => undefined)
      }
    }
  }

  await connect()
  const ask = () => {
    const asked = client
    asked?.query('SELECT 1').then(hooks.onHeard, (error) => {
      hooks.onTrouble(error)
      asked.end().catch(hooks.onTrouble)
    })
  }
  const heartbeat = setInterval(ask, HEARTBEAT_MS)
  heartbeat.unref()

  return {
    ask,
    async close() {
      stop.abort()
      clearInterval(heartbeat)
      const last = client
      client = undefined
      await last?.end()
      await reconnecting
    },
  }
}
