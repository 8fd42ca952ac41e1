import type { RequestListener } from 'node:http'
import { createApp } from './app'
import { openAudit } from './audit/audit'
import { createAuditKeys, deriveAuditKey } from './audit/keys'
import { openAccounts } from './auth/accounts'
import { isLoopback, type ServerConfig, type ServerSecrets } from './config'
import { openDatabase } from './db/connect'
import { openLedger } from './ledger/ledger'
import { openLimits } from './limits/open-limits'
import { type Listener, listen, originOf } from './listen'
import { type Log, openLog } from './log'
import { keepRuntimeFile, prepareRuntimeFile } from './runtime-file'

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

type Closer = () => unknown

/**
 * Takes its address, opens the database, brings it up to date, and serves the API and the dashboard.
 *
 * @throws {StartError} with one plain sentence and an exit code when it cannot
 */
export async function startServer(
  config: ServerConfig,
  secrets: ServerSecrets,
  hooks: StartHooks = {},
): Promise<RunningServer> {
  const { log, close: closeLog } = openLog(config)
  const closers: Closer[] = [closeLog]
  const close = once(() => closeAll(closers, log))
  try {
    const listener = await startListening(config, secrets, hooks, log, closers)
    const origin = originOf(listener)
    log.info({ origin, version: config.version, dialect: config.database.dialect }, 'server ready')
    return { origin, close }
  } catch (error) {
    log.error({ err: error }, 'the server cannot start')
    await close()
    throw error
  }
}

async function startListening(
  config: ServerConfig,
  secrets: ServerSecrets,
  hooks: StartHooks,
  log: Log,
  closers: Closer[],
): Promise<Listener> {
  if (!isLoopback(config.host)) log.warn({ host: config.host }, 'the server is open to other machines')
  const listener = await listen(config, log)
  const stopListening = once(() => listener.close())
  closers.push(stopListening)
  if (config.runtimeFile !== null) prepareRuntimeFile(config.runtimeFile)

  hooks.onProgress?.('Opening the database')
  const database = await openDatabase(config.database, secrets.databasePassword, {
    onProgress: (step) => {
      log.info(step)
      hooks.onProgress?.(step)
    },
    onStatement: (sql) => log.info({ sql: withoutValues(sql) }, 'statement'),
  })
  closers.push(() => database.close())

  hooks.onProgress?.('Starting the server')
  const now = hooks.now ?? Date.now
  const audit = openAudit(
    database,
    createAuditKeys(secrets.auditKeys ?? [deriveAuditKey(secrets.signingKey)]),
    log,
    now,
  )
  closers.push(() => audit.close())
  const accounts = await openAccounts(database, config, secrets, audit, log, now)
  closers.push(() => accounts.close())
  const { limits, close: closeLimits } = await openLimits(database, secrets, log, now)
  closers.push(closeLimits)

  const ledger = openLedger(database, now)

  const app = createApp({ config, database, accounts, ledger, limits, log })
  // Requests end before what they work with.
  closers.push(stopListening)
  listener.answer(app.callback() as RequestListener)

  if (config.runtimeFile !== null) {
    const removeRuntimeFile = keepRuntimeFile(config.runtimeFile, {
      origin: originOf(listener),
      port: listener.port,
      pid: process.pid,
      version: config.version,
      database_file: config.database.dialect === 'sqlite' ? config.database.storage : null,
      started_at: new Date().toISOString(),
    })
    closers.push(removeRuntimeFile)
  }
  return listener
}

/** Undoes the start from its end. What cannot be closed keeps nothing else open. */
async function closeAll(closers: Closer[], log: Log): Promise<void> {
  for (const closer of closers.reverse()) {
    try {
      await closer()
    } catch (error) {
      log.error({ err: error }, 'a part of the server did not close')
    }
  }
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
