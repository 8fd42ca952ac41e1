import type { ServerConfig, ServerSecrets } from './config'

export interface RunningServer {
  origin: string // http://127.0.0.1:8000
  close(): Promise<void>
}

export interface StartHooks {
  /** Called with a sentence part a splash screen can show, for example "Updating the database (2 of 3)". */
  onProgress?(step: string): void
}

/**
 * Opens the database, brings it up to date, and serves the API and the dashboard.
 *
 * @throws {StartError} with one plain sentence and an exit code when it cannot
 */
export async function startServer(
  _config: ServerConfig,
  _secrets: ServerSecrets,
  _hooks: StartHooks = {},
): Promise<RunningServer> {
  throw new Error('not yet')
}
