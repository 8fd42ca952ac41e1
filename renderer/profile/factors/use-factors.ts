import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useServices } from '../../app/services'
import { useSignedIn } from '../../auth/use-session'

const FACTORS = ['account', 'factors']

/** What protects the account besides its password. */
export function useFactors() {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  return useQuery({
    queryKey: [...FACTORS, user.id],
    queryFn: ({ signal }) => session.call((token) => api.factors(token, signal)),
    refetchOnWindowFocus: true,
  })
}

/** A change of what protects the account; what there is then is asked for again. */
export function useFactorChange<Input, Reply>(send: (token: string, input: Input) => Promise<Reply>) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => session.call((token) => send(token, input)),
    onSettled: () => queries.invalidateQueries({ queryKey: FACTORS }),
  })
}
