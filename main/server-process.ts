import type { FromServer, StartMessage, ToServer } from '../contracts/ipc'
import { version } from '../package.json'
import { fileAuditHeads } from '../server/audit-heads'
import { readConfig } from '../server/config'
import { type RunningServer, startServer } from '../server/index'
import { EXIT, StartError } from '../server/start-error'
import { auditHeadsInMain } from './audit-heads'
import { signingKeysInMain, unpacked } from './signing-key-messages'

const UNEXPECTED = 'The server met an unexpected error while starting: the log has the details.'

const inMain = signingKeysInMain(tell)
const headsInMain = auditHeadsInMain(tell)
let running: Promise<RunningServer | undefined> = Promise.resolve(undefined)

// The database is for its owner alone. Main has set this too; whether it is inherited is Chromium's affair.
process.umask(0o077)
// Ctrl+C reaches every process of the terminal at once: main decides, and asks this one to stop.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', stop)

process.parentPort.on('message', ({ data }: { data: ToServer }) => {
  if (data.type === 'start') running = start(data)
  if (data.type === 'signing-keys') running.then((server) => server?.replaceSigningKeys(unpacked(data.keys)))
  if (data.type === 'signing-key-reply') inMain.heard(data)
  if (data.type === 'audit-head-reply') headsInMain.heard(data)
  if (data.type === 'stop') stop()
})

async function start(message: StartMessage): Promise<RunningServer | undefined> {
  try {
    const { config, secrets } = readConfig(message.settings, {
      version,
      dataFolder: message.dataFolder,
      logFolder: message.logFolder,
      rendererFolder: message.rendererFolder,
      portTaken: 'take-another',
    })
    const signingKeys = secrets.signingKeys ?? unpacked(message.signingKeys ?? [])
    const dataKey = secrets.dataKey ?? Buffer.from(message.dataKey ?? '', 'base64url')
    const server = await startServer(
      config,
      { ...secrets, signingKeys, dataKey },
      {
        onListening: (origin) => tell({ type: 'listening', origin }),
        onProgress: (step) => tell({ type: 'progress', step }),
        ...(secrets.signingKeys
          ? { auditHeads: fileAuditHeads(message.dataFolder) }
          : { auditHeads: headsInMain.store, signingKeyStore: inMain.store }),
      },
    )
    tell({ type: 'ready', origin: server.origin, setupCode: server.setupCode })
    return server
  } catch (error) {
    if (!(error instanceof StartError)) console.error(error)
    const { message: reason, exitCode } =
      error instanceof StartError ? error : { message: UNEXPECTED, exitCode: EXIT.software }
    tell({ type: 'failed', reason, exitCode })
    return undefined
  }
}

async function stop(): Promise<void> {
  try {
    const server = await running
    await server?.close()
  } finally {
    process.exit(0)
  }
}

function tell(message: FromServer): void {
  process.parentPort.postMessage(message)
}
