import {
  REALTIME_CLOSE,
  REALTIME_PATH,
  REALTIME_PROTOCOL,
  type RealtimeMessage,
  type RealtimeRequest,
  type RealtimeStream,
  realtimeMessage,
} from '../../contracts/realtime'
import type { Session } from '../auth/session'

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
const STREAMS = ['ledger', 'account'] as const satisfies RealtimeStream[]

/** `off`: nobody is signed in. `waiting`: not connected, or not yet told from where events follow. */
export type LiveState = 'off' | 'waiting' | 'live'
type Events = Extract<RealtimeMessage, { type: 'events' }>

export interface LiveSocketHooks {
  onEvents(message: Events, ownSessionId: string | null): void
  /** What is shown of a stream may be older than what follows: load it anew. */
  onGap(stream: RealtimeStream): void
  /** The server says that the session has ended, or that its token does not count: find out. */
  onRefused(): void
}

export type LiveSocket = ReturnType<typeof createLiveSocket>

/**
 * One socket for as long as somebody is signed in. It shows each new access token in place of the last, connects again
 * with growing, scattered pauses, and goes on after the last id it saw of each stream.
 */
export function createLiveSocket(
  { get, subscribe }: { get(): Session; subscribe(listener: () => void): unknown },
  { onEvents, onGap, onRefused }: LiveSocketHooks,
) {
  let socket: WebSocket | undefined
  let state: LiveState = 'off'
  let shownToken: string | null = null
  let userId: string | null = null
  let ownSessionId: string | null = null
  let lastIds: Partial<Record<RealtimeStream, number>> = {}
  let pending = new Set<RealtimeStream>()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function become(next: LiveState): void {
    if (state === next) return
    state = next
    for (const listener of listeners) listener()
  }

  const send = (request: RealtimeRequest) => socket?.send(JSON.stringify(request))

  function showToken(token: string): void {
    shownToken = token
    send({ type: 'authenticate', token })
  }

  function connect(): void {
    clearTimeout(timer)
    timer = undefined
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${REALTIME_PATH}`, REALTIME_PROTOCOL)
    socket = opened
    shownToken = null
    opened.onopen = () => {
      const session = get()
      if (session.status === 'signed-in') showToken(session.token)
    }
    opened.onmessage = ({ data }) => socket === opened && receive(String(data))
    opened.onclose = ({ code }) => socket === opened && lost(code)
  }

  function receive(text: string): void {
    const { data: message } = realtimeMessage.safeParse(parsed(text))
    // A newer server may say more than this page knows.
    if (!message) return
    if (message.type === 'authenticated') {
      if (ownSessionId !== null && state === 'live') return
      ownSessionId = message.session_id
      pending = new Set(STREAMS)
      for (const stream of STREAMS) {
        const after = lastIds[stream]
        send({ type: 'follow', stream, ...(after === undefined ? {} : { after }) })
      }
    } else if (message.type === 'following') {
      const isResumed = lastIds[message.stream] !== undefined && message.is_complete
      lastIds[message.stream] = message.last_id
      if (!isResumed) onGap(message.stream)
      pending.delete(message.stream)
      if (pending.size > 0) return
      failures = 0
      become('live')
    } else {
      const last = message.events.at(-1)
      if (last) lastIds[message.stream] = last.id
      onEvents(message, ownSessionId)
    }
  }

  function lost(code: number): void {
    socket = undefined
    become('waiting')
    const isRefused =
      code === REALTIME_CLOSE.sessionEnded ||
      code === REALTIME_CLOSE.notAuthenticated ||
      code === REALTIME_CLOSE.tokenExpired
    if (isRefused) onRefused()
    // Then only another token helps, and `follow` hears of it.
    if (code === REALTIME_CLOSE.mustEnrol) return
    const delay = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS)
    failures += 1
    timer = setTimeout(connect, delay * (0.5 + Math.random() / 2))
  }

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    const closing = socket
    socket = undefined
    closing?.close()
    lastIds = {}
    ownSessionId = null
    userId = null
    become('off')
  }

  /** Follows the session: opens with it, shows what renews it, closes at its end. */
  function follow(): void {
    const session = get()
    if (session.status !== 'signed-in') {
      if (state !== 'off') close()
      return
    }
    if (userId !== null && userId !== session.user.id) close()
    if (userId === null || (!socket && !timer)) {
      userId = session.user.id
      failures = 0
      become('waiting')
      connect()
    } else if (socket?.readyState === WebSocket.OPEN && shownToken !== session.token) showToken(session.token)
  }
  subscribe(follow)

  return {
    get: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Somebody looks at the page, or the server is back: no reason to wait any longer. */
    wake(): void {
      if (!timer) return
      failures = 0
      connect()
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
