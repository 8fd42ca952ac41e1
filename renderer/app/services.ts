import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import type { DesktopBridge } from '../../contracts/ipc'
import type { AuthSettings } from '../../contracts/registration'
import { api, wantsSecondFactor } from '../api'
import { createSession } from '../auth/session'
import { createSessionHint } from '../auth/session-hint'
import { createSetupCode } from '../auth/setup-code'
import { createStepUp } from '../auth/step-up'
import { AUTH_SETTINGS, authSettingsQuery } from '../auth/use-auth-settings'
import { createLive } from '../live/live'
import { createConnection } from './connection'

declare global {
  interface Window {
    readonly aurelius?: DesktopBridge
  }
}

export type Services = ReturnType<typeof createServices>

/** Everything a page may need that outlives it, wired once at start. */
export function createServices() {
  const connection = createConnection(api, window.aurelius)
  const hint = createSessionHint(window.aurelius !== undefined)
  const stepUp = createStepUp()
  const session = createSession(api, hint, connection.notice, stepUp.ask)
  const onError = (error: unknown) => {
    connection.notice(error)
    // Decided while this page was open.
    if (wantsSecondFactor(error))
      queries.setQueryData<AuthSettings>(AUTH_SETTINGS, (known) => known && { ...known, second_factor_required: true })
  }

  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The server is on this machine: being offline says nothing about it, and `connection` does the asking again.
      queries: { networkMode: 'always', retry: false },
      mutations: { networkMode: 'always', retry: false },
    },
  })

  const live = createLive(api, session, queries, window.aurelius)

  let wasConnected = true
  connection.subscribe(() => {
    const isConnected = connection.get().state === 'connected'
    if (isConnected && !wasConnected) {
      void queries.refetchQueries({ type: 'active' })
      session.wake()
      live.wake()
    }
    wasConnected = isConnected
  })
  session.subscribe(() => {
    const { status } = session.get()
    if (status === 'signed-out') stepUp.answer(false)
    if (status === 'signed-out') queries.removeQueries({ queryKey: ['account'] })
    // Whoever signed in has an account, and may have made the first one.
    if (status === 'signed-in')
      queries.setQueryData<AuthSettings>(AUTH_SETTINGS, (known) => known && { ...known, first_run: false })
  })

  // A computer that slept has stopped timers, and whoever comes back to it looks at the page.
  document.addEventListener('visibilitychange', () => {
    session.wake()
    live.wake()
  })

  // Before anybody asks: the page for guests waits for it.
  void queries.prefetchQuery(authSettingsQuery(api))

  return { api, session, hint, stepUp, connection, live, queries, setupCode: createSetupCode(window.aurelius) }
}

export const ServicesContext = createContext<Services | null>(null)

export function useServices(): Services {
  const services = use(ServicesContext)
  if (!services) throw new Error('useServices needs a ServicesContext above it')
  return services
}

export function useConnection() {
  const { connection } = useServices()
  return useSyncExternalStore(connection.subscribe, connection.get)
}
