import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import type { TradeSort } from '../../contracts/backtests'
import { useServices } from '../app/services'
import { type Stretch, WHOLE } from '../charts/zoom'
import type { Live } from '../live/live'
import { ledgerApi } from './ledger-api'
import { ledgerKeys } from './queries'

const RUNNING_INTERVAL_MS = 2_000 // while nothing tells what happens
const LIVE_INTERVAL_MS = 30_000

/** A strategy's runs, newest first. While one of them runs they are asked for again. */
export function useBacktests(strategyId: string) {
  const { session, live } = useServices()
  return useInfiniteQuery({
    queryKey: ledgerKeys.runsOf(strategyId),
    queryFn: ({ pageParam, signal }) =>
      session.call((token) => ledgerApi.backtests(token, { strategy_id: strategyId, cursor: pageParam }, signal)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ backtests }) => backtests.some(({ status }) => isUnderWay(status)))
        ? intervalOf(live)
        : false,
  })
}

export function useBacktest(id: string) {
  const { session, live } = useServices()
  return useQuery({
    queryKey: ledgerKeys.runDetail(id),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.backtest(token, id, signal)),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? intervalOf(live) : false),
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

/** How the returns of a completed run are spread, and its Sharpe ratio over so many of them. */
export function useReturns(id: string, window: number) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.returns(id, window),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.returns(token, id, window, signal)),
    placeholderData: keepPreviousData,
  })
}

/** The newest completed runs of every strategy the person sees. */
export function useCompletedRuns() {
  const { session } = useServices()
  const query = { status: 'completed', limit: 200 } as const
  return useQuery({
    queryKey: ledgerKeys.runsWith(query),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.backtests(token, query, signal)),
  })
}

/** The runs that scripts record now. */
export function useRunningRuns() {
  const { session, live } = useServices()
  const query = { status: 'running', limit: 20 } as const
  return useQuery({
    queryKey: ledgerKeys.runsWith(query),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.backtests(token, query, signal)),
    refetchInterval: ({ state }) => ((state.data?.backtests.length ?? 0) > 0 ? intervalOf(live) : false),
  })
}

export function useComparison(ids: string[]) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.comparison(ids),
    queryFn: ({ signal }) => session.call((token) => ledgerApi.compare(token, ids, signal)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  })
}

/** The whole curves of some runs, in their order; nothing for those that are not there yet. */
export function useCurves(ids: string[]) {
  const { session } = useServices()
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ledgerKeys.curve(id, WHOLE, 0),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        session.call((token) => ledgerApi.curve(token, id, WHOLE, signal)),
    })),
    combine: (results) => results.map(({ data }) => data),
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

const intervalOf = (live: Live) => (live.get() === 'live' ? LIVE_INTERVAL_MS : RUNNING_INTERVAL_MS)

export function isUnderWay(status: string): boolean {
  return status === 'pending' || status === 'running'
}
