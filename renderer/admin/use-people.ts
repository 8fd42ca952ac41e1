import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UserChange } from '../../contracts/admin'
import { useServices } from '../app/services'
import { adminApi, type PeopleQuery } from './admin-api'

/** Under the account's key, so that it goes with the account when its owner signs out. */
export const ADMIN = ['account', 'admin']
const PEOPLE = [...ADMIN, 'people']
const personKey = (id: string) => [...ADMIN, 'person', id]
export const INVITATIONS = [...ADMIN, 'invitations']

export function usePeople(query: PeopleQuery) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...PEOPLE, query],
    queryFn: ({ signal }) => session.call((token) => adminApi.users(token, query, signal)),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
  })
}

export function usePerson(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: personKey(id),
    queryFn: async ({ signal }) => (await session.call((token) => adminApi.user(token, id, signal))).user,
    enabled: id !== '',
  })
}

export function usePersonSessions(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...personKey(id), 'sessions'],
    queryFn: async ({ signal }) => (await session.call((token) => adminApi.sessions(token, id, signal))).sessions,
  })
}

export function usePersonLocks(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...personKey(id), 'locks'],
    queryFn: async ({ signal }) => (await session.call((token) => adminApi.locks(token, id, signal))).locks,
    refetchInterval: 30_000,
  })
}

/** Something done to a person; the list and what is open about them are asked for again whatever came of it. */
function usePersonMutation<Input, Reply>(send: (token: string, input: Input) => Promise<Reply>) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => session.call((token) => send(token, input)),
    onSettled: () => queries.invalidateQueries({ queryKey: ADMIN }),
  })
}

export const useChangePerson = (id: string) =>
  usePersonMutation((token, change: UserChange) => adminApi.changeUser(token, id, change))
export const useEndSession = (id: string) =>
  usePersonMutation((token, sessionId: string) => adminApi.endSession(token, id, sessionId))
export const useEndSessions = (id: string) =>
  usePersonMutation((token, _all: undefined) => adminApi.endSessions(token, id))
export const useResetFactors = (id: string) =>
  usePersonMutation((token, _all: undefined) => adminApi.resetFactors(token, id))
export const useUnlock = (id: string) => usePersonMutation((token, _all: undefined) => adminApi.unlock(token, id))
export const useMakeResetLink = (id: string) =>
  usePersonMutation((token, _one: undefined) => adminApi.makeResetLink(token, id))
