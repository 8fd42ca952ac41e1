import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useServices } from '../app/services'
import { AUTH_SETTINGS } from '../auth/use-auth-settings'
import { adminApi } from './admin-api'

const POLICY = ['account', 'admin', 'second-factor']

export function useFactorPolicy() {
  const { session } = useServices()
  return useQuery({
    queryKey: POLICY,
    queryFn: ({ signal }) => session.call((token) => adminApi.factorPolicy(token, signal)),
    refetchOnWindowFocus: true,
  })
}

/** The administrator is one of everybody, so what this page may show is asked for again as well. */
export function useChangeFactorPolicy() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (required: boolean) => session.call((token) => adminApi.changeFactorPolicy(token, { required })),
    onSuccess: (policy) => queries.setQueryData(POLICY, policy),
    onSettled: () => queries.invalidateQueries({ queryKey: AUTH_SETTINGS }),
  })
}
