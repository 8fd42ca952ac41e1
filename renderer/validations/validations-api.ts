import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type CutValidation, validationDetail, validationList } from '../../contracts/validations'
import { call } from '../api'
import { useServices } from '../app/services'
import { ledgerKeys } from '../ledger/queries'

/** The validations of a strategy, newest first. */
export function useValidations(strategyId: string) {
  const { session } = useServices()
  const path = `/api/v1/strategies/${encodeURIComponent(strategyId)}/validations?limit=50`
  return useQuery({
    queryKey: ledgerKeys.validations(strategyId),
    queryFn: ({ signal }) => session.call((token) => call(path, validationList, { token, signal })),
  })
}

export function useValidation(id: string) {
  const { session } = useServices()
  const path = `/api/v1/validations/${encodeURIComponent(id)}`
  return useQuery({
    queryKey: ledgerKeys.validation(id),
    queryFn: ({ signal }) => session.call((token) => call(path, validationDetail, { token, signal })),
  })
}

export function useCutValidation(run: { id: string; strategy_id: string }) {
  const { session } = useServices()
  const queries = useQueryClient()
  const path = `/api/v1/backtests/${encodeURIComponent(run.id)}/validations`
  return useMutation({
    mutationFn: (body: CutValidation) =>
      session.call((token) => call(path, validationDetail, { method: 'POST', token, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ledgerKeys.validations(run.strategy_id) }),
  })
}
