import { queryOptions, useQuery } from '@tanstack/react-query'
import { PASSWORD_MIN_LENGTH } from '../../contracts/auth'
import type { Api } from '../api'
import { useServices } from '../app/services'

export const AUTH_SETTINGS = ['auth-settings']

export function authSettingsQuery(api: Api) {
  return queryOptions({
    queryKey: AUTH_SETTINGS,
    queryFn: ({ signal }) => api.authSettings(signal),
    // Kept for whoever signs out while the server is away.
    gcTime: Number.POSITIVE_INFINITY,
  })
}

/** Whether there is any account, and who may make one. */
export function useAuthSettings() {
  const { api } = useServices()
  return useQuery(authSettingsQuery(api))
}

/** How many characters a new password has at least, by what was known of the server when the page was loaded. */
export function usePasswordMinLength(): number {
  const { api } = useServices()
  const { data } = useQuery({ ...authSettingsQuery(api), staleTime: Number.POSITIVE_INFINITY })
  return data?.password_min_length ?? PASSWORD_MIN_LENGTH
}
