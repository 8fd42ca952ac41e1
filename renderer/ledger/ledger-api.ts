import {
  type BacktestDetail,
  type BacktestQuery,
  backtestDetail,
  backtestList,
  comparison,
  curve,
  returnsReply,
  type TradeQuery,
  tradeList,
} from '../../contracts/backtests'
import {
  type NewStrategy,
  type StrategyQuery,
  strategy,
  strategyFacets,
  strategyList,
  strategyVersionList,
} from '../../contracts/strategies'
import { call, fetchFile } from '../api'

const STRATEGIES = '/api/v1/strategies'
const BACKTESTS = '/api/v1/backtests'
const FILE_LIMIT_MS = 300_000

type Page<Query> = Partial<Query> & { cursor?: string | undefined; limit?: number }

export const ledgerApi = {
  strategies: (token: string, query: Page<StrategyQuery>, signal?: AbortSignal) =>
    call(`${STRATEGIES}${search(query)}`, strategyList, { token, signal }),
  strategyFacets: (token: string, signal?: AbortSignal) =>
    call(`${STRATEGIES}/facets`, strategyFacets, { token, signal }),
  strategy: (token: string, id: string, signal?: AbortSignal) =>
    call(`${STRATEGIES}/${encodeURIComponent(id)}`, strategy, { token, signal }),
  strategyVersions: (token: string, id: string, signal?: AbortSignal) =>
    call(`${STRATEGIES}/${encodeURIComponent(id)}/versions`, strategyVersionList, { token, signal }),
  createStrategy: (token: string, input: Pick<NewStrategy, 'name' | 'strategy_type' | 'description'>) =>
    call(STRATEGIES, strategy, { method: 'POST', token, body: input }),
  setArchived: (token: string, id: string, isArchived: boolean) =>
    call(`${STRATEGIES}/${encodeURIComponent(id)}/${isArchived ? 'archive' : 'restore'}`, strategy, {
      method: 'POST',
      token,
    }),
  backtests: (token: string, query: Page<BacktestQuery>, signal?: AbortSignal) =>
    call(`${BACKTESTS}${search(query)}`, backtestList, { token, signal }),
  backtest: (token: string, id: string, signal?: AbortSignal): Promise<BacktestDetail> =>
    call(`${BACKTESTS}/${encodeURIComponent(id)}`, backtestDetail, { token, signal }),
  /** @param window first and last instant in ms UTC; all of the curve where it is missing */
  curve: (token: string, id: string, window: { from?: number; to?: number }, signal?: AbortSignal) =>
    call(`${BACKTESTS}/${encodeURIComponent(id)}/curve${search({ ...window, points: 2000 })}`, curve, {
      token,
      signal,
    }),
  returns: (token: string, id: string, window: number, signal?: AbortSignal) =>
    call(`${BACKTESTS}/${encodeURIComponent(id)}/returns${search({ window })}`, returnsReply, { token, signal }),
  tradesCsv: (token: string, id: string) =>
    fetchFile(`${BACKTESTS}/${encodeURIComponent(id)}/trades.csv`, { token, timeLimitMs: FILE_LIMIT_MS }),
  compare: (token: string, ids: string[], signal?: AbortSignal) =>
    call(`${BACKTESTS}/compare${search({ ids: ids.join(',') })}`, comparison, { token, signal }),
  trades: (token: string, id: string, query: Page<TradeQuery>, signal?: AbortSignal) =>
    call(`${BACKTESTS}/${encodeURIComponent(id)}/trades${search(query)}`, tradeList, { token, signal }),
}

export function search(query: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') params.set(name, String(value))
  const text = params.toString()
  return text ? `?${text}` : ''
}
