import type { GateName } from '../../contracts/gate-policy'

/** Under the account's key, so that it goes with the account when its owner signs out. */
const LEDGER = ['account', 'ledger'] as const

/**
 * Where answers about the ledger are kept. What a longer key holds is part of what a shorter one holds: whoever knows
 * that a strategy changed asks for `strategies` again, and all its lists and pages follow.
 */
export const ledgerKeys = {
  all: LEDGER,

  strategies: [...LEDGER, 'strategies'],
  strategyList: (filter: object) => [...ledgerKeys.strategies, 'list', filter],
  strategyFacets: [...LEDGER, 'strategies', 'facets'],
  strategy: (id: string) => [...ledgerKeys.strategies, 'one', id],
  strategyVersions: (id: string) => [...ledgerKeys.strategies, 'versions', id],

  /** Lists of runs. */
  runs: [...LEDGER, 'runs'],
  runsOf: (strategyId: string) => [...ledgerKeys.runs, 'of', strategyId],
  runsWithAny: [...LEDGER, 'runs', 'with'],
  runsWith: (filter: object) => [...ledgerKeys.runsWithAny, filter],
  /** All that is known of one run: itself, its curve and its trades. */
  run: (id: string) => [...LEDGER, 'run', id],
  runDetail: (id: string) => [...ledgerKeys.run(id), 'detail'],
  curve: (id: string, stretch: object, pointCount: number) => [...ledgerKeys.run(id), 'curve', stretch, pointCount],
  trades: (id: string, sort: string, tradeCount: number) => [...ledgerKeys.run(id), 'trades', sort, tradeCount],
  returns: (id: string, window: number) => [...ledgerKeys.run(id), 'returns', window],
  comparison: (ids: string[]) => [...LEDGER, 'comparison', ids],

  validations: (strategyId: string) => [...LEDGER, 'validations', strategyId],
  validation: (id: string) => [...LEDGER, 'validation', id],

  policies: [...LEDGER, 'policies'],
  policyHistory: (gate: GateName) => [...ledgerKeys.policies, gate],
  dryRun: (gate: GateName, text: string) => [...LEDGER, 'dry-run', gate, text],
  gateResults: (strategyId: string) => [...LEDGER, 'gate-results', strategyId],
  promotions: [...LEDGER, 'promotions'],
  promotionsWith: (filter: object) => [...ledgerKeys.promotions, filter],

  workspaces: [...LEDGER, 'workspaces'],
  allEvents: [...LEDGER, 'events'],
  recentEvents: [...LEDGER, 'events', 'recent'],
  eventsOf: (strategyId: string) => [...LEDGER, 'events', 'of', strategyId],
} as const
