import type { RequestListener } from 'node:http'
import { createApp } from './app'
import { openAccounts } from './auth/accounts'
import { isLoopback, type ServerConfig, type ServerSecrets } from './config'
import { openDatabase } from './db/connect'
import { openLimits } from './limits/open-limits'
import { type Listener, listen, originOf } from './listen'
import { type Log, openLog } from './log'
import { writeRuntimeFile } from './runtime-file'

export interface RunningServer {
  origin: string // http://127.0.0.1:8000
  close(): Promise<void>
}

export interface StartHooks {
  /** Called with a sentence part a splash screen can show, for example "Updating the database (2 of 3)". */
  onProgress?(step: string): void
  /** Milliseconds since 1970; tests turn it. */
  now?(): number
}

/**
 * Opens the database, brings it up to date, and serves the API and the dashboard.
 *
 * @throws {StartError} with one plain sentence and an exit code when it cannot
 */
export async function startServer(
  config: ServerConfig,
  secrets: ServerSecrets,
  hooks: StartHooks = {},
): Promise<RunningServer> {
  const closers: (() => unknown)[] = []
  const close = once(async () => {
    for (const closer of closers.reverse()) await closer()
  })
  try {
    const { log, close: closeLog } = openLog(config)
    closers.push(closeLog)
    const listener = await startListening(config, secrets, hooks, log, closers)
    const origin = originOf(listener)
    log.info({ origin, version: config.version, dialect: config.database.dialect }, 'server ready')
    return { origin, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startListening(
  config: ServerConfig,
  secrets: ServerSecrets,
  hooks: StartHooks,
  log: Log,
  closers: (() => unknown)[],
): Promise<Listener> {
  if (!isLoopback(config.host)) log.warn({ host: config.host }, 'the server is open to other machines')
  hooks.onProgress?.('Opening the database')
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress: (step) => {
      log.info(step)
      hooks.onProgress?.(step)
    },
    onStatement: (sql) => log.info({ sql: withoutValues(sql) }, 'statement'),
  }).catch((error) => {
    log.error({ err: error }, 'the database cannot be opened')
    throw error
  })
  closers.push(() => database.close())

  hooks.onProgress?.('Starting the server')
  const now = hooks.now ?? Date.now
  const accounts = await openAccounts(database, config, secrets, log, now)
  closers.push(() => accounts.close())
  const { limits, close: closeLimits } = await openLimits(database, secrets, log, now)
  closers.push(closeLimits)

  const app = createApp({ config, database, accounts, limits, log })
  const listener = await listen(app.callback() as RequestListener, config)
  closers.push(() => listener.close())

  if (config.runtimeFile !== null) {
    const removeRuntimeFile = writeRuntimeFile(config.runtimeFile, {
      origin: originOf(listener),
      port: listener.port,
      pid: process.pid,
      version: config.version,
      started_at: new Date().toISOString(),
    })
    closers.push(removeRuntimeFile)
  }
  return listener
}

/** DB_ECHO is for the shape of statements; what is in them belongs to people. */
function withoutValues(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "'…'")
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}
