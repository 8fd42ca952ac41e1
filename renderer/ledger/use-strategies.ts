import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { StrategyQuery } from '../../contracts/strategies'
import { useServices } from '../app/services'
import { ledgerApi } from './ledger-api'
import { ledgerKeys } from './queries'

type StrategyFilter = Partial<Pick<StrategyQuery, 'search' | 'strategy_type' | 'status' | 'sort'>>

export function useStrategies(filter: StrategyFilter) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: ledgerKeys.strategyList(filter),
    queryFn: ({ pageParam, signal }) =>
      session.call((token) => ledgerApi.strategies(token, { ...filter, cursor: pageParam }, signal)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })
}

export function useStrategyFacets() {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.strategyFacets,
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategyFacets(token, signal)),
  })
}

export function useStrategy(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.strategy(id),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategy(token, id, signal)),
  })
}

/** The strategy that an address may name; nothing while it is not there. */
export function useAskedStrategy(id: string | null) {
  const { session } = useServices()
  const { data } = useQuery({
    queryKey: ledgerKeys.strategy(id ?? ''),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategy(token, id ?? '', signal)),
    enabled: id !== null,
  })
  return data
}

export function useStrategyVersions(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.strategyVersions(id),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategyVersions(token, id, signal)),
  })
}

export function useCreateStrategy() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Parameters<typeof ledgerApi.createStrategy>[1]) =>
      session.call((token) => ledgerApi.createStrategy(token, input)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKeys.strategies }),
  })
}

export function useArchiveStrategy(id: string) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (isArchived: boolean) => session.call((token) => ledgerApi.setArchived(token, id, isArchived)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKeys.strategies }),
  })
}
