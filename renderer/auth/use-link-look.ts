import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../api'
import { useLinkToken } from './use-link-token'

/**
 * What stands behind the secret of a link, once there is one; looking does not use the link up. `onRetry` is there
 * where asking again may help, which it does not when the server has said what is wrong with the link.
 */
export function useLinkLook<Offer>(name: string, look: (token: string, signal: AbortSignal) => Promise<Offer>) {
  const token = useLinkToken()
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [name, token],
    queryFn: ({ signal }) => look(token ?? '', signal),
    enabled: token !== null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const onRetry = error instanceof ApiError && error.status < 500 ? undefined : refetch
  return { token, data, error, isLoading, onRetry }
}
