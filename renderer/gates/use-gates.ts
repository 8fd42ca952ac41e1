import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { GateName } from '../../contracts/gate-policy'
import type { GateEvaluation, NewPolicy, PromotionQuery } from '../../contracts/gates'
import { useServices } from '../app/services'
import { ledgerKeys } from '../ledger/queries'
import { gatesApi } from './gates-api'

export function usePolicies() {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.policies,
    queryFn: ({ signal }) => session.call((token) => gatesApi.policies(token, signal)),
  })
}

export function usePolicyHistory(gate: GateName) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.policyHistory(gate),
    queryFn: ({ signal }) => session.call((token) => gatesApi.policyHistory(token, gate, signal)),
  })
}

/** What a text would say as a policy, or where it is wrong. */
export function useDryRun(gate: GateName, text: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.dryRun(gate, text),
    queryFn: ({ signal }) => session.call((token) => gatesApi.dryRun(token, gate, text, signal)),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  })
}

export function useRecordPolicy(gate: GateName) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: NewPolicy) => session.call((token) => gatesApi.recordPolicy(token, gate, input)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKeys.policies }),
  })
}

/** The gate results of a strategy, newest first. */
export function useGateResults(strategyId: string) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.gateResults(strategyId),
    queryFn: ({ signal }) => session.call((token) => gatesApi.results(token, strategyId, signal)),
  })
}

export function useEvaluateGate(strategyId: string, gate: GateName) {
  const { session } = useServices()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: GateEvaluation) => session.call((token) => gatesApi.evaluate(token, strategyId, gate, wanted)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKeys.gateResults(strategyId) }),
  })
}

export function usePromotions(query: Partial<PromotionQuery>) {
  const { session } = useServices()
  return useQuery({
    queryKey: ledgerKeys.promotionsWith(query),
    queryFn: ({ signal }) => session.call((token) => gatesApi.promotions(token, query, signal)),
  })
}

export function useRequestPromotion(strategyId: string) {
  const { session } = useServices()
  const renew = useRenewPromotions()
  return useMutation({
    mutationFn: (comment: string) => session.call((token) => gatesApi.requestPromotion(token, strategyId, comment)),
    onSuccess: renew,
  })
}

export function useDecidePromotion(id: string) {
  const { session } = useServices()
  const renew = useRenewPromotions()
  return useMutation({
    mutationFn: ({ decision, comment }: { decision: 'approve' | 'decline'; comment: string }) =>
      session.call((token) => gatesApi.decidePromotion(token, id, decision, comment)),
    onSuccess: renew,
  })
}

/** A decision moves the strategy as well. */
function useRenewPromotions() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ledgerKeys.promotions }),
      queries.invalidateQueries({ queryKey: ledgerKeys.strategies }),
    ])
}
