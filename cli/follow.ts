import { setTimeout as pause } from 'node:timers/promises'
import { API_KEY_PREFIX } from '../contracts/api-keys'
import type { LedgerEvent } from '../contracts/events'
import { REALTIME_CLOSE, REALTIME_PATH, REALTIME_PROTOCOL, realtimeMessage } from '../contracts/realtime'
import type { Api } from './api'
import { CommandError, EXIT } from './exit-codes'

const PAUSE_MS = [0, 250, 1_000, 2_000, 5_000]
const SILENCE_MS = 75_000 // the server pings every 30 seconds

const REFUSALS: Record<number, string> = {
  [REALTIME_CLOSE.notAllowed]: 'Watching takes the scope ledger:read: make a key that has it.',
  [REALTIME_CLOSE.sessionEnded]: 'The sign-in or key has ended.',
  [REALTIME_CLOSE.mustEnrol]: 'Everybody here must have a second factor: set one up in the app first.',
}

const DEAD_KEY = 'The API key does not count: it is not known here, was revoked or has expired. Make a new one.'

export interface FollowOptions {
  /** Begin after this id; now, where it is missing. */
  after: number | undefined
  signal: AbortSignal | undefined
  /** Events after the last one seen are not kept any more. */
  onGap(): void
  onTrouble(): void
}

/**
 * Events of the ledger as they happen, each once, over any number of connections: after a break it goes on after the last
 * one seen. It ends when the signal says so.
 *
 * @throws {CommandError} the server does not let this caller follow
 */
export async function* followLedger(api: Api, options: FollowOptions): AsyncGenerator<LedgerEvent> {
  let last = options.after
  let failures = 0
  while (!options.signal?.aborted) {
    const connection = await connect(api, last, options.signal)
    for await (const message of connection.messages) {
      failures = 0
      if (message.type === 'following') {
        last ??= message.last_id
        if (!message.is_complete) options.onGap()
      }
      if (message.type !== 'events' || message.stream !== 'ledger') continue
      for (const event of message.events) {
        last = event.id
        yield event
      }
    }
    if (options.signal?.aborted) return
    const code = connection.closeCode()
    const isDeadKey = code === REALTIME_CLOSE.notAuthenticated && api.token().startsWith(API_KEY_PREFIX)
    const refusal = isDeadKey ? DEAD_KEY : REFUSALS[code]
    if (refusal !== undefined) throw new CommandError(EXIT.noPermission, refusal)
    if (failures === 2) options.onTrouble()
    await pause(PAUSE_MS[Math.min(failures, PAUSE_MS.length - 1)])
    // Asking anything renews a sign-in whose access token has run out, and says so where it has ended.
    await api.renew().catch((error: unknown) => {
      if (!(error instanceof CommandError) || error.exitCode !== EXIT.unavailable) throw error
    })
    failures += 1
  }
}

async function connect(api: Api, after: number | undefined, signal: AbortSignal | undefined) {
  const { default: WebSocket } = await import('ws')
  const waiting: ReturnType<typeof realtimeMessage.parse>[] = []
  let wake: () => void = () => undefined
  let isOpen = true
  let closeCode = 0
  const origin = originOf(api)
  const socket =
    origin === undefined ? undefined : new WebSocket(origin.replace('http', 'ws') + REALTIME_PATH, REALTIME_PROTOCOL)
  const end = () => {
    isOpen = false
    wake()
  }
  const silence = setTimeout(() => socket?.terminate(), SILENCE_MS)
  const heard = () => silence.refresh()
  signal?.addEventListener('abort', () => socket?.terminate(), { once: true })
  socket?.on('ping', heard)
  socket?.on('error', () => undefined)
  socket?.once('close', (code) => {
    closeCode = code
    clearTimeout(silence)
    end()
  })
  socket?.on('open', () => socket.send(JSON.stringify({ type: 'authenticate', token: api.token() })))
  socket?.on('message', (data) => {
    heard()
    const message = realtimeMessage.parse(JSON.parse(String(data)))
    if (message.type === 'authenticated')
      socket.send(JSON.stringify({ type: 'follow', stream: 'ledger', ...(after === undefined ? {} : { after }) }))
    waiting.push(message)
    wake()
  })
  if (!socket) {
    clearTimeout(silence)
    end()
  }
  async function* messages() {
    try {
      for (;;) {
        const message = waiting.shift()
        if (message) yield message
        else if (!isOpen) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      clearTimeout(silence)
      socket?.terminate()
    }
  }
  return { messages: messages(), closeCode: () => closeCode }
}

function originOf(api: Api): string | undefined {
  try {
    return api.origin()
  } catch {
    return undefined // it is not running at the moment
  }
}
