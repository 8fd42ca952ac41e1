import type { RequestListener } from 'node:http'
import type { Middleware } from 'koa'
import { createApp } from './app'
import { isLoopback, type ServerConfig, type ServerSecrets } from './config'
import { DatabaseUnavailableError } from './errors'
import { type Listener, listen, originOf } from './listen'
import { type Log, openLog } from './log'
import { keepRuntimeFile, prepareRuntimeFile } from './runtime-file'

export interface RunningServer {
  origin: string // http://127.0.0.1:8000
  /** Makes the first administrator; `null` when somebody has an account. */
  setupCode: string | null
  close(): Promise<void>
}

export interface StartHooks {
  /** Called when pages are served and the API is about to follow: nobody else can take the address any more. */
  onListening?(origin: string): void
  /** Called with a sentence part a splash screen can show, for example "Updating the database (2 of 3)". */
  onProgress?(step: string): void
  /** Milliseconds since 1970; tests turn it. */
  now?(): number
}

/** Undoes a step of the start. */
export type Closer = () => unknown

/**
 * Takes its address and serves the dashboard's pages, opens the database, brings it up to date, and serves the API.
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
    const { listener, setupCode } = await startListening(config, secrets, hooks, log, closers)
    const origin = originOf(listener)
    log.info({ origin, version: config.version, dialect: config.database.dialect }, 'server ready')
    return { origin, setupCode, close }
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
): Promise<{ listener: Listener; setupCode: string | null }> {
  if (!isLoopback(config.host)) log.warn({ host: config.host }, 'the server is open to other machines')
  const api = deferred<Middleware>()
  let setupCode: string | null
  const app = createApp({ config, log, api: api.promise })
  const listener = await listen(config, log, app.callback() as RequestListener)
  const stopListening = once(() => listener.close())
  closers.push(stopListening)
  try {
    if (config.runtimeFile !== null) prepareRuntimeFile(config.runtimeFile)
    hooks.onListening?.(originOf(listener))

    // Loading it takes longer than all of the above, and no page has to wait for it.
    const { openApi } = await import('./api')
    const opened = await openApi({ config, secrets, hooks, log, closers })
    setupCode = opened.setupCode
    api.resolve(opened.answer)
  } catch (error) {
    api.reject(new DatabaseUnavailableError(error))
    throw error
  }
  // Requests end before what they work with.
  closers.push(stopListening)

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
  return { listener, setupCode }
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

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}

function deferred<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: Error) => void
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  return { promise, resolve, reject }
}
