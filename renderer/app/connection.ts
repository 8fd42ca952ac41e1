import type { DesktopBridge } from '../../contracts/ipc'
import { type Api, UnreachableError } from '../api'

export type Connection =
  | { state: 'connected' }
  | { state: 'lost' }
  | { state: 'restarting'; attempt: number }
  | { state: 'failed'; reason: string }

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 10_000

export type ConnectionStore = ReturnType<typeof createConnection>

/** Knows whether the server answers. Once it does not, asks again with growing pauses until it does. */
export function createConnection(api: Api, desktop: DesktopBridge | undefined) {
  let connection: Connection = { state: 'connected' }
  let timer: ReturnType<typeof setTimeout> | undefined
  let delay = FIRST_DELAY_MS
  const listeners = new Set<() => void>()

  function become(next: Connection) {
    connection = next
    for (const listener of listeners) listener()
  }

  function askLater() {
    clearTimeout(timer)
    timer = setTimeout(ask, delay)
    delay = Math.min(delay * 2, LONGEST_DELAY_MS)
  }

  async function ask(): Promise<void> {
    clearTimeout(timer)
    try {
      await api.health()
    } catch (error) {
      if (error instanceof UnreachableError) return askLater()
      // Any other answer is an answer: the server is there.
    }
    delay = FIRST_DELAY_MS
    become({ state: 'connected' })
  }

  function lose(next: Connection) {
    const wasConnected = connection.state === 'connected'
    become(next)
    if (wasConnected) askLater()
  }

  desktop?.onServerStatus((status) => {
    if (status.state === 'restarting') lose({ state: 'restarting', attempt: status.attempt })
    if (status.state === 'failed') lose({ state: 'failed', reason: status.reason })
    if (status.state === 'ready' && connection.state !== 'connected') void ask()
  })

  return {
    ask,
    get: () => connection,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Called for every failed request; only those that reached nobody matter here. */
    notice(error: unknown) {
      if (error instanceof UnreachableError && connection.state === 'connected') lose({ state: 'lost' })
    },
  }
}
