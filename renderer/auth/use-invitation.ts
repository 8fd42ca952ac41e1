import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'react-router'
import { ApiError } from '../api'
import { useServices } from '../app/services'

/** The invitation behind the # of the link, which no server and no log ever sees there. */
export function useInvitation() {
  const { api } = useServices()
  const { hash } = useLocation()
  const token = hash.slice(1) || null
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api.lookAtInvitation(token ?? '', signal),
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  // Asking again helps where nothing was answered, not where the answer was no.
  const retry = error instanceof ApiError && error.status < 500 ? undefined : refetch
  return { token, offer: data, isLooking: isLoading, error, retry }
}

/** What stands behind the # of an invitation's link, or the text itself where somebody copied that alone. */
export function tokenOf(pasted: string): string {
  return pasted.trim().split('#').at(-1) ?? ''
}
