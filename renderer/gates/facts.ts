import type { Fact, GateCheck, GateName } from '../../contracts/gate-policy'
import type { GateResult } from '../../contracts/gates'
import { METRICS } from '../../contracts/metric-catalogue'
import type { MetricDefinition } from '../../contracts/metrics'
import { figure, NOTHING } from '../ledger/format'

export const GATE_TITLES: Record<GateName, string> = { dev: 'Dev', crv: 'CRV', product: 'Product' }

const METRIC = new Map(METRICS.map((metric) => [`backtest.${metric.id}`, metric]))

const VALIDATION_FIGURES: Partial<Record<Fact, { label: string; unit: MetricDefinition['unit'] }>> = {
  'validation.window_count': { label: 'Walk-forward windows', unit: 'count' },
  'validation.in_sample_sharpe': { label: 'In-sample Sharpe ratio', unit: 'ratio' },
  'validation.out_of_sample_sharpe': { label: 'Out-of-sample Sharpe ratio', unit: 'ratio' },
  'validation.degradation': { label: 'Degradation', unit: 'fraction' },
  'validation.stability': { label: 'Stability', unit: 'fraction' },
}

const STATEMENTS: Partial<Record<Fact, { label: string; missing: string }>> = {
  'validation.passed': { label: 'Validation passed', missing: 'The validation came to no verdict.' },
  'hygiene.data_fingerprint_known': {
    label: 'Data fingerprint known',
    missing: 'No completed run says which data it ran on.',
  },
  'hygiene.code_revision_known': {
    label: 'Code revision known',
    missing: 'No completed run says which code it ran.',
  },
  'hygiene.reproduced': {
    label: 'Same result on re-run',
    missing: 'The run was not repeated: record it once more with equal inputs.',
  },
  'hygiene.figures_agree': {
    label: "The script's figures are ours",
    missing: 'The script sent no figures of its own along, so there is nothing to compare.',
  },
  'gate.dev_passed': { label: 'Gate Dev passed', missing: 'The gate Dev was not evaluated for this version.' },
  'gate.crv_passed': { label: 'Gate CRV passed', missing: 'The gate CRV was not evaluated for this version.' },
}

export function factLabel(fact: Fact): string {
  return METRIC.get(fact)?.label ?? VALIDATION_FIGURES[fact]?.label ?? STATEMENTS[fact]?.label ?? fact
}

/** A figure in the unit of its fact; a statement as yes or no; a dash where there is none. */
export function factText(fact: Fact, value: number | boolean | null): string {
  if (value === null) return NOTHING
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return figure(value, METRIC.get(fact)?.unit ?? VALIDATION_FIGURES[fact]?.unit ?? 'ratio', '')
}

const OPERATORS = { at_least: 'at least', at_most: 'at most', above: 'above', below: 'below', is: '' }

export function thresholdText({ fact, operator, threshold }: Pick<GateCheck, 'fact' | 'operator' | 'threshold'>) {
  return `${OPERATORS[operator]} ${factText(fact, threshold)}`.trim()
}

/** What has to be there before an inconclusive result can become another one, a sentence each. */
export function missingEvidence({ checks, evidence, strategy_version }: GateResult): string[] {
  const sentences = checks
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map(({ fact }) => {
      const [kind] = fact.split('.')
      if ((kind === 'backtest' || kind === 'hygiene') && !evidence.backtest)
        return `No completed run is recorded for version ${strategy_version}.`
      if (kind === 'validation' && !evidence.validation)
        return `No validation is recorded for version ${strategy_version}: cut one from a run, or record one from a script.`
      const statement = STATEMENTS[fact]
      if (statement) return statement.missing
      const why = METRIC.get(fact)?.undefined_when
      return `${factLabel(fact)} is undefined${why ? `: ${why}` : ''}.`
    })
  return [...new Set(sentences)]
}
