import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Permissions, Scope } from '../../contracts/scopes'
import { useServices } from '../app/services'
import { useSignedIn } from './use-session'

/** What the person may do. Asked for again with each new token, because a new role comes with one. */
export function usePermissions(): Permissions | undefined {
  const { api, session } = useServices()
  const { user, renewAt } = useSignedIn()
  const { data } = useQuery({
    queryKey: ['account', 'permissions', user.id, renewAt],
    queryFn: ({ signal }) => session.call((token) => api.permissions(token, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  return data
}

/** @returns nothing until it is known */
export function useMay(scope: Scope): boolean | undefined {
  return usePermissions()?.scopes.includes(scope)
}
