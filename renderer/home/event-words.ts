import type { LedgerEvent } from '../../contracts/events'

/** What happened, as the rest of a sentence that begins with the name of a strategy; and where it is shown. */
export function eventWords({ type, data, strategy_id, subject_id }: LedgerEvent): { words: string; to: string } {
  const strategy = `/strategies/${strategy_id}`
  const run = `/backtests/${subject_id}`
  const gate = typeof data.gate === 'string' ? data.gate : ''
  const stage = typeof data.to_stage === 'string' ? data.to_stage : ''
  switch (type) {
    case 'strategy.created':
      return { words: 'was recorded', to: strategy }
    case 'strategy.changed':
      return { words: 'was changed', to: strategy }
    case 'backtest.started':
      return { words: 'has a run that started', to: run }
    case 'backtest.progress':
      return { words: 'has a run that goes on', to: run }
    case 'backtest.completed':
      return { words: 'has a new run', to: run }
    case 'backtest.failed':
      return { words: `has a run that failed${data.reason ? `: ${data.reason}` : ''}`, to: run }
    case 'validation.completed':
      return { words: `has a new validation: ${data.verdict}`, to: `/validations/${subject_id}` }
    case 'gate.evaluated':
      return { words: `was evaluated at the gate ${gate}: ${data.verdict}`, to: `${strategy}/gates/${gate}` }
    case 'promotion.requested':
      return { words: `is to be promoted to ${stage}`, to: `${strategy}/gates/${stage}` }
    case 'promotion.approved':
      return { words: `was promoted to ${stage}`, to: `${strategy}/gates/${stage}` }
    case 'promotion.declined':
      return { words: `was not promoted to ${stage}`, to: `${strategy}/gates/${stage}` }
  }
}
