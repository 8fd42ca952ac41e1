import type { GateName, GatePolicy } from '../../../contracts/gate-policy'

/** The policies that a new ledger starts with. They are examples to begin from: a reviewer writes the team's own. */
export const DEFAULT_POLICIES: Readonly<Record<GateName, GatePolicy>> = {
  dev: {
    format: 1,
    gate: 'dev',
    title: 'Worth working on',
    description: 'A first run with enough history and trades to say anything, and data that can be named.',
    rules: [
      { id: 'history', fact: 'backtest.history_days', operator: 'at_least', threshold: 365 },
      { id: 'trades', fact: 'backtest.trade_count', operator: 'at_least', threshold: 30 },
      { id: 'sharpe', fact: 'backtest.sharpe_ratio', operator: 'at_least', threshold: 0.5 },
      { id: 'drawdown', fact: 'backtest.max_drawdown', operator: 'at_least', threshold: -0.35 },
      { id: 'data', fact: 'hygiene.data_fingerprint_known', operator: 'is', threshold: true },
    ],
  },
  crv: {
    format: 1,
    gate: 'crv',
    title: 'Holds outside the sample, at a risk we accept',
    rules: [
      { id: 'dev_gate', fact: 'gate.dev_passed', operator: 'is', threshold: true },
      { id: 'windows', fact: 'validation.window_count', operator: 'at_least', threshold: 5 },
      { id: 'out_of_sample', fact: 'validation.out_of_sample_sharpe', operator: 'at_least', threshold: 0.5 },
      { id: 'degradation', fact: 'validation.degradation', operator: 'at_most', threshold: 0.5 },
      { id: 'stability', fact: 'validation.stability', operator: 'at_least', threshold: 0.6 },
      { id: 'drawdown', fact: 'backtest.max_drawdown', operator: 'at_least', threshold: -0.25 },
      {
        id: 'shortfall',
        fact: 'backtest.expected_shortfall_95_one_period',
        operator: 'at_most',
        threshold: 0.05,
      },
      {
        id: 'selection',
        fact: 'backtest.deflated_sharpe_ratio',
        operator: 'at_least',
        threshold: 0.9,
        reason: 'The best of many runs looks good by chance; this is the probability that it is more.',
      },
    ],
  },
  product: {
    format: 1,
    gate: 'product',
    title: 'Ready for money',
    rules: [
      { id: 'crv_gate', fact: 'gate.crv_passed', operator: 'is', threshold: true },
      { id: 'history', fact: 'backtest.history_days', operator: 'at_least', threshold: 1095 },
      { id: 'trades', fact: 'backtest.trade_count', operator: 'at_least', threshold: 100 },
      { id: 'validation', fact: 'validation.passed', operator: 'is', threshold: true },
      { id: 'out_of_sample', fact: 'validation.out_of_sample_sharpe', operator: 'at_least', threshold: 0.8 },
      { id: 'drawdown', fact: 'backtest.max_drawdown', operator: 'at_least', threshold: -0.2 },
      { id: 'selection', fact: 'backtest.deflated_sharpe_ratio', operator: 'at_least', threshold: 0.95 },
      { id: 'data', fact: 'hygiene.data_fingerprint_known', operator: 'is', threshold: true },
      { id: 'code', fact: 'hygiene.code_revision_known', operator: 'is', threshold: true },
      {
        id: 'reproduced',
        fact: 'hygiene.reproduced',
        operator: 'is',
        threshold: true,
        reason: 'A result that nobody gets again is none.',
      },
      { id: 'figures', fact: 'hygiene.figures_agree', operator: 'is', threshold: true },
    ],
  },
}
