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
  'validation.passed': {
    label: 'Validation passed',
    missing:
      'The validation came to no verdict: cut one with a rule that asks for figures, and with windows that all have them.',
  },
  'hygiene.data_fingerprint_known': {
    label: 'Data fingerprint known',
    missing: 'The run does not say which data it ran on: record one with its data_fingerprint.',
  },
  'hygiene.code_revision_known': {
    label: 'Code revision known',
    missing: 'The run does not say which code it ran: record one with its code_revision.',
  },
  'hygiene.reproduced': {
    label: 'Same result on re-run',
    missing: 'The run was not repeated: record it once more with equal inputs, scored the same way.',
  },
  'hygiene.figures_agree': {
    label: "The script's figures are ours",
    missing:
      'The script did not send enough figures of its own: send its max_drawdown, and its sharpe_ratio or total_return, as reported_metrics.',
  },
  'gate.dev_passed': {
    label: 'Gate Dev passed',
    missing: 'The gate Dev was not evaluated for this version: evaluate it first.',
  },
  'gate.crv_passed': {
    label: 'Gate CRV passed',
    missing: 'The gate CRV was not evaluated for this version: evaluate it first.',
  },
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

/** Something that a gate did not find: a sentence that says what to do, and where that can be done. */
export interface Missing {
  sentence: string
  step?: { words: string; to: string }
}

/** What has to be there before an inconclusive result can become another one, each thing once. */
export function missingEvidence(result: GateResult): Missing[] {
  const all = result.checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ fact }) => missing(fact, result))
  return [...new Map(all.map((each) => [each.sentence, each])).values()]
}

function missing(fact: Fact, { evidence, strategy_id, strategy_version }: GateResult): Missing {
  const [kind, name = ''] = fact.split('.')
  if ((kind === 'backtest' || kind === 'hygiene') && !evidence.backtest)
    return {
      sentence: `No completed run is recorded for version ${strategy_version}: record one from a script, or import a file.`,
      step: { words: 'Import a run', to: `/import?strategy=${strategy_id}` },
    }
  if (kind === 'validation' && !evidence.validation)
    return {
      sentence: `No validation is recorded for version ${strategy_version}: cut one from a run, or record one from a script.`,
      ...(evidence.backtest ? { step: { words: 'Cut the run', to: `/backtests/${evidence.backtest.id}` } } : {}),
    }
  const { missing: sentence } = STATEMENTS[fact] ?? {}
  const gate = kind === 'gate' ? name.replace('_passed', '') : null
  if (sentence)
    return {
      sentence,
      ...(gate ? { step: { words: 'Open that gate', to: `/strategies/${strategy_id}/gates/${gate}` } } : {}),
    }
  if (kind === 'validation')
    return {
      sentence: `${factLabel(fact)} is unknown: a window of the validation is without figures, or they do not give it. Choose or record another one.`,
    }
  const why = METRIC.get(fact)?.undefined_when
  return {
    sentence: `${factLabel(fact)} is undefined${why ? ` (that is where ${why})` : ''}: choose or record evidence that has it.`,
  }
}
