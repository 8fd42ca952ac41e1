import { gzipSync } from 'node:zlib'
import type { Reply, TestClient } from './test-client'

const DAY_MS = 86_400_000
export const START = Date.UTC(2020, 0, 1)

/** Days of equity that wander, the same every time. */
export function someEquity(days: number, from = 0): { time: string; equity: number }[] {
  return Array.from({ length: days }, (_, index) => {
    const day = from + index
    return {
      time: new Date(START + day * DAY_MS).toISOString(),
      equity: 100_000 + 40 * day + 1_500 * Math.sin(day / 7) + 300 * Math.cos(day * 1.7),
    }
  })
}

export function someTrades(count: number, from = 0) {
  return Array.from({ length: count }, (_, index) => {
    const day = from + index
    return {
      instrument: day % 3 ? 'EURUSD' : 'USDJPY',
      side: day % 2 ? 'long' : 'short',
      quantity: 1_000 + day,
      entry_at: new Date(START + day * DAY_MS).toISOString(),
      exit_at: new Date(START + (day + 1) * DAY_MS).toISOString(),
      entry_price: 1.1,
      exit_price: 1.1 + Math.sin(day) / 100,
      commission: 0.5,
    }
  })
}

export async function makeStrategy(client: TestClient, changes: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await client.post('/api/v1/strategies', {
    name: 'Momentum',
    strategy_type: 'momentum',
    parameters: { window: 20 },
    ...changes,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.id
}

export async function startRun(client: TestClient, strategyId: string, changes: Record<string, unknown> = {}) {
  const { status, body } = await client.post('/api/v1/backtests', { strategy_id: strategyId, ...changes })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

export const asCsv = (rows: object[]): string =>
  [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n')
export const asNdjson = (rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

export function send(client: TestClient, path: string, type: string, body: string, gzip = false): Promise<Reply> {
  const raw = gzip ? new Uint8Array(gzipSync(body)) : body
  const headers = { 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) }
  return client.request('POST', path, undefined, { raw, headers })
}
