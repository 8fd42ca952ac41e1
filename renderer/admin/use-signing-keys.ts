import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SigningKeyList } from '../../contracts/signing-keys'
import { useServices } from '../app/services'
import { adminApi } from './admin-api'
import { ADMIN } from './use-people'

const SIGNING_KEYS = [...ADMIN, 'signing-keys']
const SOON_MS = 3_000

export const isNext = ({ signing_keys: keys }: SigningKeyList) => keys.some(({ state }) => state === 'next')

export function useSigningKeys() {
  const { session } = useServices()
  return useQuery({
    queryKey: SIGNING_KEYS,
    queryFn: ({ signal }) => session.call((token) => adminApi.signingKeys(token, signal)),
    // A key that is about to begin does so by itself.
    refetchInterval: ({ state }) => (state.data && isNext(state.data) ? SOON_MS : false),
    refetchOnWindowFocus: true,
  })
}

export function useRotateSigningKey() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => session.call((token) => adminApi.rotateSigningKey(token)),
    onSuccess: (list) => queries.setQueryData(SIGNING_KEYS, list),
    onError: () => queries.invalidateQueries({ queryKey: SIGNING_KEYS }),
  })
}
