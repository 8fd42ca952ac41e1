import type { TestClient } from '../support/test-client'

const DAY_MS = 86_400_000
const START = Date.UTC(2022, 0, 3)

/** A strategy, and a run of it with a curve, trades and a figure that the server does not share. */
export async function recordRun(client: TestClient, changes: Record<string, unknown> = {}) {
  const { body: strategy } = await client.post('/api/v1/strategies', {
    name: 'Trend of futures',
    strategy_type: 'momentum',
    description: 'Follows twelve-month trends of forty futures.',
    parameters: { lookback: 252, target_volatility: 0.1 },
    tags: ['futures', 'daily'],
    ...changes,
  })
  const equity = curve(700)
  const { body: run } = await client.post('/api/v1/backtests/record', {
    strategy_id: strategy.id,
    label: 'Baseline',
    data_source: 'Closing prices',
    data_fingerprint: 'a1b2c3d4e5f6',
    instruments: ['ES', 'TY', 'GC'],
    seed: 7,
    equity,
    trades: trades(300),
    reported_metrics: { sharpe_ratio: 9 },
  })
  return { run, strategyId: strategy.id as string }
}

/** A business day a point: a drift, two cycles and a wobble, the same at every call. */
export function curve(length: number): [string, number][] {
  const points: [string, number][] = []
  let equity = 100_000
  for (let day = 0; points.length < length; day += 1) {
    const at = new Date(START + day * DAY_MS)
    if (at.getUTCDay() === 0 || at.getUTCDay() === 6) continue
    points.push([at.toISOString(), Math.round(equity * 100) / 100])
    equity *= 1 + 0.0004 + 0.006 * Math.sin(day / 9) * Math.cos(day / 31) + 0.004 * Math.sin(day * 12.9898)
  }
  return points
}

function trades(length: number) {
  return Array.from({ length }, (_, index) => ({
    instrument: ['ES', 'TY', 'GC'][index % 3],
    quantity: index % 4 === 0 ? -2 : 3,
    entry_at: new Date(START + index * DAY_MS).toISOString(),
    exit_at: new Date(START + (index + 5) * DAY_MS).toISOString(),
    entry_price: 100 + index / 10,
    exit_price: 100 + index / 10 + 2 * Math.sin(index * 3.7),
  }))
}
