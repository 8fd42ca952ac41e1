import { useQuery } from '@tanstack/react-query'
import { backtestList } from '../../contracts/backtests'
import type { GateEvaluation } from '../../contracts/gates'
import type { Strategy } from '../../contracts/strategies'
import { validationList } from '../../contracts/validations'
import { call } from '../api'
import { useServices } from '../app/services'
import { utcMoment } from '../ledger/format'
import { search } from '../ledger/ledger-api'
import { ledgerKeys } from '../ledger/queries'
import { runName } from '../ledger/run-name'
import { Select } from '../ui/select'
import { periodOf } from '../validations/validations-card'
import styles from './gates.module.css'

interface EvidenceChoiceProps {
  strategy: Strategy
  version: number
  chosen: Pick<GateEvaluation, 'backtest_id' | 'validation_id'>
  onVersion: (version: number) => void
  onChoose: (evidence: Pick<GateEvaluation, 'backtest_id' | 'validation_id'>) => void
}

/** What is to be evaluated: which version, and which of its evidence; without a choice the newest. */
export function EvidenceChoice({ strategy, version, chosen, onVersion, onChoose }: EvidenceChoiceProps) {
  const { runs, validations } = useEvidenceOf(strategy.id, version)
  const newest = (what: string, all: unknown[] | undefined) =>
    all?.length === 0 ? `None for version ${version}` : `The newest ${what}`
  return (
    <div className={styles.choice}>
      <Select
        label="Version"
        value={String(version)}
        onChange={({ currentTarget }) => onVersion(Number(currentTarget.value))}
        data={Array.from({ length: strategy.version }, (_, at) => {
          const each = strategy.version - at
          return { value: String(each), label: each === strategy.version ? `${each}, the newest` : String(each) }
        })}
      />
      <Select
        label="Run"
        value={chosen.backtest_id ?? ''}
        disabled={!runs?.length}
        onChange={({ currentTarget }) => onChoose({ ...chosen, backtest_id: currentTarget.value || undefined })}
        data={[
          { value: '', label: newest('run', runs) },
          ...(runs ?? []).map((run) => ({ value: run.id, label: runName(run) })),
        ]}
      />
      <Select
        label="Validation"
        value={chosen.validation_id ?? ''}
        disabled={!validations?.length}
        onChange={({ currentTarget }) => onChoose({ ...chosen, validation_id: currentTarget.value || undefined })}
        data={[
          { value: '', label: newest('validation', validations) },
          ...(validations ?? []).map((each) => ({
            value: each.id,
            label: `${periodOf(each)}, ${each.verdict} (${utcMoment(each.created_at)})`,
          })),
        ]}
      />
    </div>
  )
}

/** The newest that a gate could read of a version: what another system computed is no evidence here. */
function useEvidenceOf(strategyId: string, version: number) {
  const { session } = useServices()
  const ofVersion = { strategy_version: version, limit: 100 }
  const runQuery = { ...ofVersion, strategy_id: strategyId, status: 'completed' }
  const runs = useQuery({
    queryKey: ledgerKeys.runsWith(runQuery),
    queryFn: ({ signal }) =>
      session.call((token) => call(`/api/v1/backtests${search(runQuery)}`, backtestList, { token, signal })),
  })
  const path = `/api/v1/strategies/${encodeURIComponent(strategyId)}/validations${search(ofVersion)}`
  const validations = useQuery({
    queryKey: [...ledgerKeys.validations(strategyId), version],
    queryFn: ({ signal }) => session.call((token) => call(path, validationList, { token, signal })),
  })
  return {
    runs: runs.data?.backtests.filter(({ result_hash }) => result_hash !== null),
    validations: validations.data?.validations.filter(({ source }) => source !== 'adopted'),
  }
}
