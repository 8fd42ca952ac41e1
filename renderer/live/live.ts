import type { QueryClient } from '@tanstack/react-query'
import type { DesktopBridge } from '../../contracts/ipc'
import type { Api } from '../api'
import type { createSession } from '../auth/session'
import { createAccountUpdates } from './account-updates'
import { createLedgerUpdates } from './apply-ledger'
import { createRunNotices } from './run-notices'
import { createLiveSocket } from './socket'

export type Live = ReturnType<typeof createLive>

/** What happens elsewhere, shown here as it happens. */
export function createLive(
  api: Api,
  session: ReturnType<typeof createSession>,
  queries: QueryClient,
  desktop: DesktopBridge | undefined,
) {
  const runNotices = createRunNotices(desktop)
  const ledger = createLedgerUpdates(queries)
  const account = createAccountUpdates(queries)
  const socket = createLiveSocket(session, {
    onEvents(message, ownSessionId) {
      const current = session.get()
      if (message.stream === 'ledger') {
        ledger.apply(message.events)
        if (current.status === 'signed-in') runNotices.apply(message.events, current.user.id)
      } else account.apply(message.events, ownSessionId)
    },
    onGap: (stream) => (stream === 'ledger' ? ledger.applyAll() : account.applyAll()),
    // The API decides: it renews the token, or shows that the session has ended.
    onRefused: () => void session.call((token) => api.verify(token)).catch(() => undefined),
  })
  session.subscribe(() => {
    if (session.get().status === 'signed-out') account.clear()
  })
  return { ...socket, account, runNotices }
}
