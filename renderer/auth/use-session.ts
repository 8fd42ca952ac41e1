import { useQuery } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import type { User } from '../../contracts/auth'
import { useServices } from '../app/services'
import type { Session, SignedIn } from './session'

export function useSession(): Session {
  const { session } = useServices()
  return useSyncExternalStore(session.subscribe, session.get)
}

export const SignedInContext = createContext<SignedIn | null>(null)

/** The session of a page behind `Protected`, which shows no page without one. */
export function useSignedIn(): SignedIn {
  const session = use(SignedInContext)
  if (!session) throw new Error('useSignedIn is for pages behind Protected')
  return session
}

/** The signed-in account, asked for again every minute so that a session ended elsewhere is noticed here. */
export function useAccount(): User {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  const { data } = useQuery({
    queryKey: ['account', user.id],
    queryFn: async ({ signal }) => (await session.call((token) => api.verify(token, signal))).user,
    initialData: user,
    staleTime: 60_000,
    refetchInterval: 60_000,
    refetchOnWindowFocus: true,
  })
  return data
}
