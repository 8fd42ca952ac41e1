import type { RequestListener } from 'node:http'
import type { Middleware } from 'koa'
import type { Api } from './api'
import { createApp } from './app'
import type { AuditHeadStore } from './audit-heads'
import { isLoopback, type ServerConfig, type ServerSecrets } from './config'
import { DatabaseUnavailableError } from './errors'
import { listen, originOf } from './listen'
import { type Log, type OpenLog, openLog } from './log'
import { keepRuntimeFile, prepareRuntimeFile } from './runtime-file'
import type { SigningKey, SigningKeyStore } from './signing-keys'

export interface RunningServer {
  origin: string // http://127.0.0.1:8000
  /** Makes the first administrator; `null` when somebody has an account. */
  setupCode: string | null
  /** Takes over signing keys that changed while it runs. */
  replaceSigningKeys(keys: SigningKey[]): void
  close(): Promise<void>
}

export interface StartHooks {
  /** Called when pages are served and the API is about to follow: nobody else can take the address any more. */
  onListening?(origin: string): void
  /** Called with a sentence part a splash screen can show, for example "Updating the database (2 of 3)". */
  onProgress?(step: string): void
  /** Milliseconds since 1970; tests turn it. */
  now?(): number
  /** Where the end of the audit log is remembered. */
  auditHeads?: AuditHeadStore
  /** Where the signing keys rest, unless they are settings. */
  signingKeyStore?: SigningKeyStore
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
  const { log, requests, close: closeLog } = openLog(config)
  const closers: Closer[] = [closeLog]
  const close = once(() => closeAll(closers, log))
  try {
    const { origin, setupCode, replaceSigningKeys } = await startListening(
      config,
      secrets,
      hooks,
      { log, requests },
      closers,
    )
    log.info({ origin, version: config.version, dialect: config.database.dialect }, 'server ready')
    return { origin, setupCode, replaceSigningKeys, close }
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
  { log, requests }: Pick<OpenLog, 'log' | 'requests'>,
  closers: Closer[],
): Promise<Omit<RunningServer, 'close'>> {
  if (!isLoopback(config.host)) log.warn({ host: config.host }, 'the server is open to other machines')
  const middleware = deferred<Middleware>()
  let api: Api
  const app = createApp({ config, log, requests, api: middleware.promise })
  const listener = await listen(config, log, app.callback() as RequestListener)
  const stopListening = once(() => listener.close())
  closers.push(stopListening)
  try {
    if (config.runtimeFile !== null) prepareRuntimeFile(config.runtimeFile)
    hooks.onListening?.(originOf(listener))

    // Loading it takes longer than all of the above, and no page has to wait for it.
    const { openApi } = await import('./api')
    api = await openApi({ config, secrets, hooks, log, closers })
    middleware.resolve(api.answer)
  } catch (error) {
    middleware.reject(new DatabaseUnavailableError(error))
    throw error
  }
  // Requests end before what they work with.
  closers.push(stopListening, api.closeSockets)

  if (config.runtimeFile !== null) {
    const removeRuntimeFile = keepRuntimeFile(config.runtimeFile, {
      origin: originOf(listener),
      port: listener.port,
      pid: process.pid,
      version: config.version,
      signing_keys: hooks.signingKeyStore ? 'keychain' : 'settings',
      database_file: config.database.dialect === 'sqlite' ? config.database.storage : null,
      started_at: new Date().toISOString(),
    })
    closers.push(removeRuntimeFile)
  }
  return { origin: originOf(listener), setupCode: api.setupCode, replaceSigningKeys: api.replaceSigningKeys }
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
