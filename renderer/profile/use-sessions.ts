import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MessageReply } from '../../contracts/auth'
import { ApiError } from '../api'
import { useServices } from '../app/services'
import { useSignedIn } from '../auth/use-session'

/** Under the account's key, so that it goes with the account when its owner signs out. */
export const SESSIONS = ['account', 'sessions']

/** Where the person is signed in. Asked for again every minute, because other devices change it. */
export function useSessions() {
  const { api, session } = useServices()
  const { user } = useSignedIn()
  return useQuery({
    queryKey: [...SESSIONS, user.id],
    queryFn: ({ signal }) => session.call((token) => api.sessions(token, signal)),
    refetchInterval: 60_000,
    refetchOnWindowFocus: true,
  })
}

/** Ends one session. One that is gone already has ended too. */
export function useRevokeSession() {
  const { api } = useServices()
  return useRevoke<string>((token, id) =>
    api.revokeSession(token, id).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 'not_found')) throw error
    }),
  )
}

export function useRevokeOthers() {
  const { api } = useServices()
  return useRevoke<void, MessageReply>(api.revokeOtherSessions)
}

/** The list is asked for again whatever came of it. */
function useRevoke<Which, Reply = unknown>(revoke: (token: string, which: Which) => Promise<Reply>) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (which: Which) => session.call((token) => revoke(token, which)),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  })
}
