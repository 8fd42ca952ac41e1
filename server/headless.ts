import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Configuration, readConfig, type ServerSecrets, type Surroundings } from './config'
import { dataFolder } from './data-folder'
import { type RunningServer, startServer } from './index'
import { readSettings } from './settings'
import { EXIT, StartError } from './start-error'

export interface KeptKeys {
  signingKey: Uint8Array
  dataKey: Uint8Array
}

export interface HeadlessOptions {
  environment: NodeJS.ProcessEnv
  workingFolder: string
  version: string
  rendererFolder: string
  /** Reads the keys from the keychain of the person or service, making them on first use. */
  keychainKeys(): Promise<KeptKeys>
  /** Whether a server that finds no key may sign with one that lasts until it stops. */
  temporaryKeyAllowed: boolean
  /** Shows a sentence to the person who started the server. */
  say(sentence: string): void
}

/**
 * Starts the server without a desktop. The signing key is `SECRET_KEY`, else the keychain's, else there is no start,
 * unless the caller allowed a temporary one.
 *
 * @throws {StartError} one plain sentence and the exit code that goes with it
 */
export async function serve(options: HeadlessOptions): Promise<RunningServer> {
  const folder = dataFolder(options.environment)
  const settings = readSettings(options.environment, [join(options.workingFolder, '.env'), join(folder, '.env')])
  const surroundings: Surroundings = {
    version: options.version,
    dataFolder: folder,
    logFolder: null,
    rendererFolder: options.rendererFolder,
    portTaken: 'refuse',
  }
  const { config, secrets } = readConfig(settings, surroundings)
  const keys = await findKeys(secrets, options)
  const server = await startServer(config, { ...keys, databasePassword: secrets.databasePassword })
  options.say(`Aurelius is ready: open ${server.origin} in your browser.`)
  if (server.setupCode !== null)
    options.say(
      `Nobody has an account yet: open ${server.origin}/first-run#${server.setupCode} to make the administrator.`,
    )
  return server
}

async function findKeys(
  { signingKey, dataKey }: Configuration['secrets'],
  { keychainKeys, temporaryKeyAllowed, say }: HeadlessOptions,
): Promise<Pick<ServerSecrets, 'signingKey' | 'dataKey'>> {
  if (signingKey) return { signingKey, dataKey }
  try {
    return await keychainKeys()
  } catch (cause) {
    if (temporaryKeyAllowed) {
      say('Sessions last until this server stops: set SECRET_KEY, or start a keychain, to keep people signed in.')
      return { signingKey: randomBytes(32) }
    }
    const reason = cause instanceof Error ? cause.message : 'The keychain does not answer.'
    throw new StartError(
      EXIT.config,
      `There is no key to sign sessions with: set SECRET_KEY to at least 32 random bytes (for example from "openssl rand -base64 48"), or let a keychain answer. ${reason}`,
      { cause },
    )
  }
}
