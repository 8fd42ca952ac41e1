import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { TradeSort } from '../../contracts/backtests'
import { useServices } from '../app/services'
import type { Stretch } from '../charts/zoom'
import { ledgerApi } from './ledger-api'
import { ledgerKeys } from './queries'

const RUNNING_INTERVAL_MS = 2_000

/** A strategy's runs, newest first. While one of them runs they are asked for again. */
export function useBacktests(strategyId: string) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: ledgerKeys.runsOf(strategyId),
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
    queryKey: ledgerKeys.runDetail(id),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.backtest(token, id, signal)),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? RUNNING_INTERVAL_MS : false),
  })
}

/** A stretch of a curve in as many points as a chart needs; what was shown stays until it is there. */
export function useCurve(id: string, window: Stretch, pointCount: number) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.curve(id, window, pointCount),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.curve(token, id, window, signal)),
    enabled: pointCount > 0,
    placeholderData: keepPreviousData,
  })
}

export function useTrades(id: string, sort: TradeSort, tradeCount: number) {
  const { session } = useServices()
  return useInfiniteQuery({
    queryKey: ledgerKeys.trades(id, sort, tradeCount),
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
