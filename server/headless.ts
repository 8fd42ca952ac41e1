import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type AuditHeadStore, fileAuditHeads } from './audit-heads'
import { type Configuration, readConfig, type ServerSecrets, type Surroundings } from './config'
import { dataFolder } from './data-folder'
import { type RunningServer, startServer } from './index'
import { readSettings } from './settings'
import type { SigningKey, SigningKeyStore } from './signing-keys'
import { EXIT, StartError } from './start-error'

export interface KeptKeys {
  signingKeys: SigningKey[]
  dataKey: Uint8Array
}

/** The keychain of the person or service that runs the server. */
export interface Keys {
  /** Makes them on first use. */
  read(): Promise<KeptKeys>
  signingKeys: SigningKeyStore
  auditHeads: AuditHeadStore
  /** Tells of signing keys that another program adds; answers the function that ends it. */
  follow(onKeys: (keys: SigningKey[]) => void, onTrouble: (error: Error) => void): () => void
}

export interface HeadlessOptions {
  environment: NodeJS.ProcessEnv
  workingFolder: string
  version: string
  rendererFolder: string
  keychain: Keys
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
  const { store, ...keys } = await findKeys(secrets, options)
  const server = await startServer(
    config,
    { ...secrets, ...keys },
    {
      auditHeads: store ? options.keychain.auditHeads : fileAuditHeads(folder),
      ...(store ? { signingKeyStore: store } : {}),
    },
  )
  options.say(`Aurelius is ready: open ${server.origin} in your browser.`)
  if (server.setupCode !== null)
    options.say(
      `Nobody has an account yet: open ${server.origin}/first-run#${server.setupCode} to make the administrator.`,
    )
  if (!store) return server
  const stopFollowing = options.keychain.follow(server.replaceSigningKeys, ({ message }) =>
    options.say(`The signing keys could not be read again. ${message}`),
  )
  const close = () => {
    stopFollowing()
    return server.close()
  }
  return { ...server, close }
}

type FoundKeys = Pick<ServerSecrets, 'signingKeys' | 'dataKey'> & { store?: SigningKeyStore }

async function findKeys(
  { signingKeys, dataKey }: Configuration['secrets'],
  { keychain, temporaryKeyAllowed, say }: HeadlessOptions,
): Promise<FoundKeys> {
  if (signingKeys) return { signingKeys, dataKey }
  try {
    return { ...(await keychain.read()), store: keychain.signingKeys }
  } catch (cause) {
    if (temporaryKeyAllowed) {
      say('Sessions last until this server stops: set SECRET_KEY, or start a keychain, to keep people signed in.')
      return { signingKeys: [{ key: randomBytes(32), signsFrom: 0 }] }
    }
    const reason = cause instanceof Error ? cause.message : 'The keychain does not answer.'
    throw new StartError(
      EXIT.config,
      `There is no key to sign sessions with: set SECRET_KEY to at least 32 random bytes (for example from "openssl rand -base64 48"), or let a keychain answer. ${reason}`,
      { cause },
    )
  }
}
