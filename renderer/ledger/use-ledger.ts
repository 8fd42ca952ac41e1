import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TradeSort } from '../../contracts/backtests'
import type { StrategyQuery } from '../../contracts/strategies'
import { useServices } from '../app/services'
import { ledgerApi } from './ledger-api'

const RUNNING_INTERVAL_MS = 2_000

/** Under the account's key, so that it goes with the account when its owner signs out. */
export const LEDGER = ['account', 'ledger']
const STRATEGIES = [...LEDGER, 'strategies']

type StrategyFilter = Partial<Pick<StrategyQuery, 'search' | 'strategy_type' | 'status' | 'sort'>>

export function useStrategies(filter: StrategyFilter) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: [...STRATEGIES, 'list', filter],
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
    queryKey: [...STRATEGIES, 'facets'],
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategyFacets(token, signal)),
  })
}

export function useStrategy(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...STRATEGIES, 'one', id],
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategy(token, id, signal)),
  })
}

export function useStrategyVersions(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...STRATEGIES, 'versions', id],
    queryFn: ({ signal }) => session.call((token) => ledgerApi.strategyVersions(token, id, signal)),
  })
}

export function useCreateStrategy() {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Parameters<typeof ledgerApi.createStrategy>[1]) =>
      session.call((token) => ledgerApi.createStrategy(token, input)),
    onSuccess: () => queries.invalidateQueries({ queryKey: STRATEGIES }),
  })
}

export function useArchiveStrategy(id: string) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (isArchived: boolean) => session.call((token) => ledgerApi.setArchived(token, id, isArchived)),
    onSuccess: () => queries.invalidateQueries({ queryKey: STRATEGIES }),
  })
}

/** A strategy's runs, newest first. While one of them runs they are asked for again. */
export function useBacktests(strategyId: string) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: [...LEDGER, 'backtests', strategyId],
    queryFn: ({ pageParam, signal }) =>
      session.call((token) => ledgerApi.backtests(token, { strategy_id: strategyId, cursor: pageParam }, signal)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ backtests }) => backtests.some(({ status }) => isUnderWay(status)))
        ? RUNNING_INTERVAL_MS
        : false,
  })
}

export function useBacktest(id: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...LEDGER, 'backtest', id],
    queryFn: ({ signal }) => session.call((token) => ledgerApi.backtest(token, id, signal)),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? RUNNING_INTERVAL_MS : false),
  })
}

/** A stretch of a curve in as many points as a chart needs; what was shown stays until it is there. */
export function useCurve(id: string, window: { from?: number; to?: number }, pointCount: number) {
  const { session } = useServices()
  return useQuery({
    queryKey: [...LEDGER, 'curve', id, window, pointCount],
    queryFn: ({ signal }) => session.call((token) => ledgerApi.curve(token, id, window, signal)),
    enabled: pointCount > 0,
    placeholderData: keepPreviousData,
  })
}

export function useTrades(id: string, sort: TradeSort, tradeCount: number) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: [...LEDGER, 'trades', id, sort, tradeCount],
    queryFn: ({ pageParam, signal }) =>
      session.call((token) => ledgerApi.trades(token, id, { sort, limit: 200, cursor: pageParam }, signal)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    enabled: tradeCount > 0,
    placeholderData: keepPreviousData,
  })
}

export function isUnderWay(status: string): boolean {
  return status === 'pending' || status === 'running'
}
