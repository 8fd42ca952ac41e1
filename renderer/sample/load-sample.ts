import { backtestDetail } from '../../contracts/backtests'
import { gateResult } from '../../contracts/gates'
import { strategy, strategyVersion } from '../../contracts/strategies'
import { validationDetail } from '../../contracts/validations'
import { call } from '../api'
import { SOURCE, sampleRun } from './sample-run'

type Caller = <T>(request: (token: string) => Promise<T>) => Promise<T>

const LOOKBACKS = [6, 12] as const
const DATA = `Sample. ${SOURCE.title}. ${SOURCE.name}. ${SOURCE.licence}`

/** Records a strategy to look around with, through the same API as any script. Answers its id. */
export async function loadSample(caller: Caller): Promise<string> {
  const [first, second] = LOOKBACKS
  const { id } = await caller((token) =>
    call('/api/v1/strategies', strategy, {
      method: 'POST',
      token,
      body: {
        name: 'Sample: momentum of eight currencies',
        strategy_type: 'sample',
        description: `A sample to look around with, on real prices from 1973 to 2022. Each month it is long the currencies that rose against the dollar over the months it looks back and short those that fell, an eighth of the capital each, one month after the signal; it pays 0.05 % of what it trades, and interest is left out. The prices are averages of a month, at which nobody could trade, so take it as a sample and not as research. Source: ${SOURCE.name}. Licence: ${SOURCE.licence}. Archive it when you have seen enough.`,
        parameters: { lookback_months: first, delay_months: 1, cost: 0.0005 },
        tags: ['sample', 'currencies'],
      },
    }),
  )
  await record(caller, id, first)
  await caller((token) =>
    call(`/api/v1/strategies/${id}/versions`, strategyVersion, {
      method: 'POST',
      token,
      body: {
        parameters: { lookback_months: second, delay_months: 1, cost: 0.0005 },
        note: 'Looks back twelve months, as the published work on momentum does.',
      },
    }),
  )
  const run = await record(caller, id, second)
  await caller((token) =>
    call(`/api/v1/backtests/${run.id}/validations`, validationDetail, {
      method: 'POST',
      token,
      body: {
        plan: { kind: 'rolling', in_sample_days: 3_652, out_of_sample_days: 1_826, embargo_days: 31 },
        rule: { min_windows: 5, min_out_of_sample_sharpe: 0.3, max_degradation: 0.5, min_stability: 0.6 },
      },
    }),
  )
  await caller((token) =>
    call(`/api/v1/strategies/${id}/gates/dev/evaluate`, gateResult, { method: 'POST', token, body: {} }),
  )
  return id
}

function record(caller: Caller, strategyId: string, lookback: number) {
  const { equity, trades } = sampleRun(lookback)
  const body = {
    strategy_id: strategyId,
    label: `Sample, looks back ${lookback} months`,
    data_source: DATA,
    instruments: [...new Set(trades.map(({ instrument }) => instrument))].sort(),
    periods_per_year: 12,
    equity,
    trades,
  }
  return caller((token) => call('/api/v1/backtests/record', backtestDetail, { method: 'POST', token, body }))
}
