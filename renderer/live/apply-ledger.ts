import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { BacktestDetail, BacktestList } from '../../contracts/backtests'
import type { LedgerEvent } from '../../contracts/events'
import { ledgerKeys } from '../ledger/queries'

const COLLECT_MS = 1_000

/**
 * Brings what is shown of the ledger up to date: figures that an event carries at once, all else by asking again, at most
 * once a second, so that scripts which record at full speed do not make the page ask at full speed.
 */
export function createLedgerUpdates(queries: QueryClient) {
  const stale = new Map<string, readonly unknown[]>()

  function refresh(): void {
    for (const queryKey of stale.values()) void queries.invalidateQueries({ queryKey })
    stale.clear()
  }

  function mark(...keys: (readonly unknown[])[]): void {
    if (stale.size === 0) setTimeout(refresh, COLLECT_MS)
    for (const key of keys) stale.set(JSON.stringify(key), key)
  }

  /** A run's curve and trades are asked for by how many there are, so they grow with these figures. */
  function noteProgress({ subject_id: id, strategy_id: strategyId, data }: LedgerEvent): void {
    if (id === null) return
    const figures = {
      ...(typeof data.point_count === 'number' ? { point_count: data.point_count } : {}),
      ...(typeof data.trade_count === 'number' ? { trade_count: data.trade_count } : {}),
      ...(typeof data.progress === 'number' ? { progress: data.progress } : {}),
    }
    queries.setQueryData<BacktestDetail>(ledgerKeys.runDetail(id), (run) => run && { ...run, ...figures })
    const grown = (page: BacktestList): BacktestList => ({
      ...page,
      backtests: page.backtests.map((run) => (run.id === id ? { ...run, ...figures } : run)),
    })
    queries.setQueriesData<BacktestList>({ queryKey: ledgerKeys.runsWithAny }, (list) => list && grown(list))
    queries.setQueryData<InfiniteData<BacktestList>>(
      ledgerKeys.runsOf(strategyId),
      (list) => list && { ...list, pages: list.pages.map(grown) },
    )
  }

  function apply(event: LedgerEvent): void {
    const { type, strategy_id: strategyId, subject_id: id } = event
    if (type === 'backtest.progress') {
      noteProgress(event)
      return
    }
    mark(ledgerKeys.allEvents, ledgerKeys.strategies)
    if (type.startsWith('backtest.')) mark(ledgerKeys.runs, ...(id === null ? [] : [ledgerKeys.run(id)]))
    if (type === 'validation.completed') mark(ledgerKeys.validations(strategyId))
    if (type === 'gate.evaluated') mark(ledgerKeys.gateResults(strategyId))
    if (type.startsWith('promotion.')) mark(ledgerKeys.promotions, ledgerKeys.gateResults(strategyId))
  }

  return {
    apply: (events: LedgerEvent[]) => events.forEach(apply),
    /** Something may have been missed. Curves and trades are asked for by how many there are, and follow their run. */
    applyAll: () =>
      queries.invalidateQueries({
        queryKey: ledgerKeys.all,
        predicate: ({ queryKey }) => !queryKey.some((part) => part === 'curve' || part === 'trades'),
      }),
  }
}
