import type { UtilityProcess } from 'electron'
import type {
  AuditHeadRequest,
  AuditHeadWork,
  FromServer,
  KeptSigningKey,
  ServerStatus,
  SigningKeyRequest,
  SigningKeyWork,
  StartMessage,
  ToServer,
} from '../contracts/ipc'
import { StartError } from '../server/start-error'
import { report as log } from './desktop-log'
import { recentDeaths, restartDelay } from './restart-policy'
import { KeychainError } from './secret-store'

const STOP_LIMIT_MS = 15_000 // more than the server takes for requests, database and log together
const DIED_TOO_OFTEN = 'The server stopped again and again and was not restarted: the log says why.'
const CANNOT_PREPARE = 'Aurelius met an unexpected error while starting: start it again, or reinstall it.'
const CANNOT_CHANGE_KEYS = 'The keychain could not be changed: start Aurelius again, then try again.'

export interface SupervisorOptions {
  fork(): UtilityProcess
  /** Gathers settings and secrets. What it throws as `StartError` or `KeychainError` is shown to the person. */
  prepare(onProgress: (step: string) => void): Promise<StartMessage>
  onStatus(status: ServerStatus): void
  /** Does what the server asks for with the signing keys, and answers all there are then. */
  workOnSigningKeys(work: SigningKeyWork): Promise<KeptSigningKey[]>
  /** Does what the server asks for with what is remembered of its audit log. */
  workOnAuditHeads(work: AuditHeadWork): Promise<string | null>
}

export interface Supervisor {
  readonly status: ServerStatus
  /** Where the server was last seen; `null` before the first time. */
  readonly origin: string | null
  start(): void
  /** Starts afresh after a failure, with settings and secrets read again. */
  retry(): void
  /** Hands the server keys that changed in the keychain, now and at its next start. */
  replaceSigningKeys(keys: KeptSigningKey[]): void
  /** Lets open requests finish; a server that does not end in time is killed. */
  stop(): Promise<void>
}

/** Keeps one server process running, and at the same address, so that the page outlives a crash of the server. */
export function createSupervisor({
  fork,
  prepare,
  onStatus,
  workOnSigningKeys,
  workOnAuditHeads,
}: SupervisorOptions): Supervisor {
  let status: ServerStatus = { state: 'starting', step: 'Starting' }
  let origin: string | null = null
  let prepared: StartMessage | null = null
  let child: UtilityProcess | null = null
  let restart: NodeJS.Timeout | undefined
  let stopping = false
  let deaths: number[] = []
  let wasReady = false // since the start, or the last retry

  function report(next: ServerStatus): void {
    status = next
    onStatus(next)
  }

  function fail(reason: string): void {
    report({ state: 'failed', reason, wasReady })
  }

  function launch(): void {
    if (stopping) return
    const forked = fork()
    child = forked
    forked.on('message', (message: FromServer) => heard(forked, message))
    forked.once('exit', (code) => exited(forked, code))
    instruct(forked).catch((error: unknown) => {
      if (stopping) return
      log('The start could not be prepared:', error)
      fail(isForPeople(error) ? error.message : CANNOT_PREPARE)
      send(forked, { type: 'stop' })
    })
  }

  async function instruct(forked: UtilityProcess): Promise<void> {
    prepared ??= await prepare((step) => report({ state: 'starting', step }))
    const settings = origin ? { ...prepared.settings, PORT: new URL(origin).port || '80' } : prepared.settings
    if (forked === child && !stopping) send(forked, { ...prepared, settings })
  }

  function heard(from: UtilityProcess, message: FromServer): void {
    if (from !== child) return
    // Also while it stops: then it says where the log ends.
    if (message.type === 'audit-head-request') replyOnAuditHead(from, message)
    if (stopping) return
    if (message.type === 'signing-key-request') reply(from, message)
    if (message.type === 'progress') report({ state: 'starting', step: message.step })
    // A page that is open outlives a restart and needs no other.
    if (message.type === 'listening' && !wasReady) {
      origin = message.origin
      report({ state: 'opening', origin })
    }
    if (message.type === 'ready') {
      origin = message.origin
      wasReady = true
      report({ state: 'ready', origin, setupCode: message.setupCode })
    }
    if (message.type === 'failed') {
      log('The server could not start:', message.reason)
      fail(message.reason)
      send(from, { type: 'stop' })
    }
  }

  async function reply(to: UtilityProcess, { request, work }: SigningKeyRequest): Promise<void> {
    const outcome = await workOnSigningKeys(work).then(
      (keys) => ({ keys }),
      (error: unknown) => {
        log('The signing keys could not be changed:', error)
        return { problem: isForPeople(error) ? error.message : CANNOT_CHANGE_KEYS }
      },
    )
    if ('keys' in outcome && prepared) prepared = { ...prepared, signingKeys: outcome.keys }
    if (to === child) send(to, { type: 'signing-key-reply', request, outcome })
  }

  async function replyOnAuditHead(to: UtilityProcess, { request, work }: AuditHeadRequest): Promise<void> {
    const outcome = await workOnAuditHeads(work).then(
      (text) => ({ text }),
      (error: unknown) => ({ problem: isForPeople(error) ? error.message : CANNOT_CHANGE_KEYS }),
    )
    if (to === child) send(to, { type: 'audit-head-reply', request, outcome })
  }

  function exited(from: UtilityProcess, code: number): void {
    if (from !== child) return
    child = null
    if (stopping || status.state === 'failed') return
    log(`The server process ended by itself, with exit code ${code}.`)
    deaths = recentDeaths([...deaths, Date.now()], Date.now())
    const delay = restartDelay(deaths.length)
    if (delay === null) {
      fail(DIED_TOO_OFTEN)
      return
    }
    report({ state: 'restarting', attempt: deaths.length })
    restart = setTimeout(launch, delay)
  }

  return {
    get status() {
      return status
    },
    get origin() {
      return origin
    },
    start: launch,
    retry() {
      if (status.state !== 'failed' || stopping) return
      prepared = null
      deaths = []
      wasReady = false
      report({ state: 'starting', step: 'Starting' })
      launch()
    },
    replaceSigningKeys(keys) {
      if (prepared) prepared = { ...prepared, signingKeys: keys }
      if (child) send(child, { type: 'signing-keys', keys })
    },
    async stop() {
      stopping = true
      clearTimeout(restart)
      if (child) await end(child)
    },
  }
}

function send(to: UtilityProcess, message: ToServer): void {
  to.postMessage(message)
}

function end(child: UtilityProcess): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    }, STOP_LIMIT_MS)
    child.once('exit', () => {
      clearTimeout(limit)
      resolve()
    })
    send(child, { type: 'stop' })
  })
}

function isForPeople(error: unknown): error is Error {
  return error instanceof StartError || error instanceof KeychainError
}
