import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { IssuedApiKey, NewApiKeyRequest } from '../../contracts/api-keys'
import { useServices } from '../app/services'
import { useSignedIn } from '../auth/use-session'

/** Under the account's key, so that it goes with the account when its owner signs out. */
const KEYS = ['account', 'keys']

/** The person's API keys. Asked for again every minute, because scripts use them meanwhile. */
export function useKeys() {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  return useQuery({
    queryKey: [...KEYS, user.id],
    queryFn: ({ signal }) => session.call((token) => api.apiKeys(token, signal)),
    refetchInterval: 60_000,
    refetchOnWindowFocus: true,
  })
}

export function usePermissions() {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  return useQuery({
    queryKey: ['account', 'permissions', user.id],
    queryFn: ({ signal }) => session.call((token) => api.permissions(token, signal)),
  })
}

export function useRefreshKeys() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: KEYS })
}

export function useCreateKey() {
  const { api } = useServices()
  return useKeyChange<NewApiKeyRequest, IssuedApiKey>(api.createApiKey)
}

export function useRotateKey() {
  const { api } = useServices()
  return useKeyChange<{ id: string; graceSeconds: number }, IssuedApiKey>((token, { id, graceSeconds }) =>
    api.rotateApiKey(token, id, graceSeconds),
  )
}

export function useRevokeKey() {
  const { api } = useServices()
  return useKeyChange<string>(api.revokeApiKey)
}

export function useEndGrace() {
  const { api } = useServices()
  return useKeyChange<string>(api.endApiKeyGrace)
}

/** The list is asked for again whatever came of it. A secret in the reply is kept nowhere but with who asked for it. */
function useKeyChange<Input, Reply = unknown>(change: (token: string, input: Input) => Promise<Reply>) {
  const { session } = useServices()
  const refresh = useRefreshKeys()
  return useMutation({
    mutationFn: (input: Input) => session.call((token) => change(token, input)),
    gcTime: 0,
    onSettled: () => refresh(),
  })
}
