import { join } from 'node:path'
import { app, type UtilityProcess, utilityProcess } from 'electron'
import type { StartMessage } from '../contracts/ipc'
import { readOrCreateDataKey } from './data-key'
import { report } from './desktop-log'
import type { ListedSecretStore } from './secret-store'
import { packed } from './signing-key-messages'
import { readOrCreateSigningKeys } from './signing-keys'

/** What programs need from their surroundings. Everything else stays out: an environment can be read by others. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/i
const SLOW_KEYCHAIN_MS = 1500
/** Of the two halves in which V8 makes new objects, each: loading modules would leave them at 8 MB, used or not. */
const YOUNG_MB = 2

export function forkServer(): UtilityProcess {
  const passedOn = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))
  const server = utilityProcess.fork(join(__dirname, 'server-process.cjs'), [], {
    env: Object.fromEntries(passedOn),
    serviceName: 'Aurelius server',
    execArgv: [`--js-flags=--max-semi-space-size=${YOUNG_MB}`],
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  // What is said here is what did not reach the server's own log, such as how it broke.
  server.stderr?.on('data', (said: Buffer) => report(`The server said: ${said.toString().trimEnd()}`))
  return server
}

/**
 * What the server process is told: settings from the environment and `.env`, and the keys from the keychain.
 *
 * @throws {StartError} an unreadable `.env`
 * @throws {KeychainError} no keys, so no server
 */
export async function prepareServer(
  store: ListedSecretStore,
  folders: { data: string; logs: string },
  onProgress: (step: string) => void,
): Promise<StartMessage> {
  const { readSettings } = await import('../server/settings')
  // A packaged app is started from anywhere: only the person's own folder may hold its settings.
  const folderOfDeveloper = app.isPackaged ? [] : [join(process.cwd(), '.env')]
  const settings = readSettings(process.env, [...folderOfDeveloper, join(folders.data, '.env')])
  return {
    type: 'start',
    settings,
    ...(settings.SECRET_KEY ? { signingKeys: null, dataKey: null } : await keysWithPatience(store, onProgress)),
    dataFolder: folders.data,
    logFolder: folders.logs,
    rendererFolder: join(__dirname, '..', 'renderer'),
  }
}

async function keysWithPatience(store: ListedSecretStore, onProgress: (step: string) => void) {
  const slow = setTimeout(() => onProgress('Waiting for the keychain; unlock it if your system asks'), SLOW_KEYCHAIN_MS)
  try {
    return { signingKeys: packed(await readOrCreateSigningKeys(store)), dataKey: await readOrCreateDataKey(store) }
  } finally {
    clearTimeout(slow)
  }
}
