import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { newInvitation } from '../../contracts/invitations'
import { useServices } from '../app/services'
import { adminApi } from './admin-api'
import { INVITATIONS } from './use-people'

export function useInvitations() {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: INVITATIONS,
    queryFn: ({ pageParam, signal }) => session.call((token) => adminApi.invitations(token, pageParam, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    refetchOnWindowFocus: true,
  })
}

export function useInvite() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: z.input<typeof newInvitation>) => session.call((token) => adminApi.invite(token, input)),
    onSettled: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  })
}

export function useRevokeInvitation() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => session.call((token) => adminApi.revokeInvitation(token, id)),
    onSettled: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  })
}
