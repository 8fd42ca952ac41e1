import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import { ApiError, api } from '../api'
import { createCredentialStore } from '../auth/credential-store'
import { createSession } from '../auth/session'
import { createConnection } from './connection'

export type Services = ReturnType<typeof createServices>

/** Everything a page may need that outlives it, wired once at start. */
export function createServices() {
  const connection = createConnection(api, window.aurelius)
  const session = createSession(api, createCredentialStore(), connection.notice)

  function onError(error: Error) {
    connection.notice(error)
    // Whoever is refused while signing in has no session that could end.
    if (error instanceof ApiError && error.status === 401) session.expire()
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

  let wasConnected = true
  connection.subscribe(() => {
    const isConnected = connection.get().state === 'connected'
    if (isConnected && !wasConnected) {
      void queries.refetchQueries({ type: 'active' })
      if (session.get().status === 'restoring') void session.restore()
    }
    wasConnected = isConnected
  })
  session.subscribe(() => {
    if (session.get().status === 'signed-out') queries.removeQueries({ queryKey: ['account'] })
  })

  return { api, session, connection, queries }
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
