import { backtestDetail } from '../../contracts/backtests'
import { gateResult } from '../../contracts/gates'
import { strategy, strategyVersion } from '../../contracts/strategies'
import { validationDetail } from '../../contracts/validations'
import { call } from '../api'
import { sampleRun } from './sample-run'

type Caller = <T>(request: (token: string) => Promise<T>) => Promise<T>

const LOOKBACKS = [50, 100] as const
const DATA = 'Made up by Aurelius: a random walk with seed 7, no market prices'

/** Records a strategy to look around with, through the same API as any script. Answers its id. */
export async function loadSample(caller: Caller): Promise<string> {
  const [first, second] = LOOKBACKS
  const { id } = await caller((token) =>
    call('/api/v1/strategies', strategy, {
      method: 'POST',
      token,
      body: {
        name: 'Sample: a rule on made-up prices',
        strategy_type: 'sample',
        description:
          'To look around with. The prices are a random walk that was generated for this sample, so its figures say nothing about any market. Archive it when you have seen enough.',
        parameters: { lookback: first },
        tags: ['sample', 'made-up'],
      },
    }),
  )
  await record(caller, id, first)
  await caller((token) =>
    call(`/api/v1/strategies/${id}/versions`, strategyVersion, {
      method: 'POST',
      token,
      body: { parameters: { lookback: second }, note: 'Looks back twice as far.' },
    }),
  )
  const run = await record(caller, id, second)
  await caller((token) =>
    call(`/api/v1/backtests/${run.id}/validations`, validationDetail, {
      method: 'POST',
      token,
      body: {
        plan: { kind: 'rolling', in_sample_days: 730, out_of_sample_days: 182, embargo_days: 5 },
        rule: { min_windows: 5, min_out_of_sample_sharpe: 0.5, max_degradation: 0.5, min_stability: 0.6 },
      },
    }),
  )
  await caller((token) =>
    call(`/api/v1/strategies/${id}/gates/dev/evaluate`, gateResult, { method: 'POST', token, body: {} }),
  )
  return id
}

function record(caller: Caller, strategyId: string, lookback: number) {
  const body = {
    strategy_id: strategyId,
    label: `Sample, looks back ${lookback} days`,
    data_source: DATA,
    instruments: ['MADE-UP'],
    seed: 7,
    ...sampleRun(lookback),
  }
  return caller((token) => call('/api/v1/backtests/record', backtestDetail, { method: 'POST', token, body }))
}
