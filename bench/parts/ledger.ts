import sqlite3 from 'sqlite3'
import { type Connection, withConnections } from '../support/http-client'
import { connectLedger, equityLines, type LedgerClient, timeOf, tradesCsv } from '../support/ledger-client'
import { type Product, startProduct } from '../support/product'
import type { Result } from '../support/report'
import { compileRowsInC, type RowsInC } from '../support/rows-in-c'
import { compare, interleave, median, quantile } from '../support/statistics'

const ROWS = 1_000_000
const ROUNDS = 3
const BATCH = 500
const BATCHES = 400
const SCRIPTS = 8
const LOOKS = 200

/** The research ledger: what comes in, what is stored, what is read of it. */
export async function ledger(): Promise<Result[]> {
  const product = await startProduct(1)
  const client = connectLedger(product.server.value, product.token())
  const { id: strategy } = await client.post('/api/v1/strategies', { name: 'Bench', strategy_type: 'bench' })
  const lines = equityLines(ROWS)
  const points = Buffer.from(['time,equity', ...lines].join('\n'))
  const start = async () =>
    String((await client.post('/api/v1/backtests', { strategy_id: strategy, label: 'bench' })).id)

  const results: Result[] = []
  let last = ''
  const pairs = Buffer.from(Float64Array.from(lines.flatMap((line) => line.split(',').map(Number))).buffer)
  const storePoints = async (body: Buffer, type: string) => {
    last = await start()
    return timed(async () => {
      await client.post(`/api/v1/backtests/${last}/points?offset=0`, body, type)
      await client.post(`/api/v1/backtests/${last}/complete`, {})
    })
  }
  const trades = tradesCsv(ROWS)
  const storeTrades = async () => {
    const id = await start()
    return timed(() => client.post(`/api/v1/backtests/${id}/trades?offset=0`, trades, 'text/csv'))
  }
  const rowsInC = compileRowsInC()
  if (rowsInC) {
    for (const [form, body, type] of [
      ['pairs of Float64', pairs, 'application/octet-stream'],
      ['CSV', points, 'text/csv'],
    ] as const) {
      const what = `1,000,000 points, ${form} to stored, scored, with preview`
      results.push(...(await againstRows(what, () => storePoints(body, type), rowsInC, 'points', 0.15)))
    }
    results.push(...(await againstRows('1,000,000 trades, CSV to stored', storeTrades, rowsInC, 'trades', 0.7)))
  } else await storePoints(points, 'text/csv')

  const bytes = await sizeOf(product.database, last)
  results.push(limit('1,000,000 points on the disk', bytes / 1e6, 9, 'MB'))
  results.push(...(await reading(product.server.value, client, last)))
  results.push(...(await streaming(product.server.value, client, start, lines)))
  await fillRuns(product.database, String(strategy))
  results.push(...(await paging(product, client)))
  await product.server.end()
  return results
}

/** Held against the rows of a table that can be read by run, and beside it against rows that cannot. */
async function againstRows(
  what: string,
  store: () => Promise<number>,
  rowsInC: RowsInC,
  kind: 'points' | 'trades',
  atMost: number,
): Promise<Result[]> {
  const pairs = await interleave(ROUNDS, store, async () => ({
    keyed: rowsInC(kind, 'keyed', ROWS),
    bare: rowsInC(kind, 'bare', ROWS),
  }))
  const against = (key: 'keyed' | 'bare') => compare(pairs.map(({ ours, other }) => ({ ours, other: other[key] })))
  return [
    { what, ...against('keyed'), comparedWith: 'rows in C, one transaction', unit: 'ms', target: { atMost } },
    { what: '  the same', ...against('bare'), comparedWith: 'rows in C without a key', unit: 'ms' },
  ]
}

async function reading(port: number, client: LedgerClient, run: string): Promise<Result[]> {
  const curve = `/api/v1/backtests/${run}/curve`
  const zoom = (from: number, to: number) =>
    client.request('GET', `${curve}?from=${timeOf(from * ROWS)}&to=${timeOf(to * ROWS)}`)
  const preview = await typical(port, [client.request('GET', curve)])
  const windows = [zoom(0, 1), zoom(0.1, 0.9), zoom(0.3, 0.5), zoom(0.42, 0.43), zoom(0.5, 0.5001)]
  const widest = Math.max(...(await Promise.all(windows.map((window) => typical(port, [window])))))
  return [limit('stored preview, over HTTP', preview, 1, 'ms'), limit('slowest of five zoom windows', widest, 30, 'ms')]
}

async function streaming(
  port: number,
  client: LedgerClient,
  start: () => Promise<string>,
  lines: string[],
): Promise<Result[]> {
  const bodies = Array.from({ length: BATCHES }, (_none, batch) =>
    ['time,equity', ...lines.slice(batch * BATCH, (batch + 1) * BATCH)].join('\n'),
  )
  const runs = await Promise.all(Array.from({ length: SCRIPTS }, start))
  const requests = runs.map((id) =>
    bodies.map((body, batch) =>
      client.request('POST', `/api/v1/backtests/${id}/points?offset=${batch * BATCH}`, body, 'text/csv'),
    ),
  )
  const script = async (connection: Connection, own: Buffer[]) => {
    for (const request of own) await connection.ask(request)
  }
  const list = client.request('GET', '/api/v1/backtests?status=running')
  const looks: number[] = []
  let isOver = false
  const ms = await withConnections(port, SCRIPTS + 1, async ([dashboard, ...scripts]) => {
    const looking = async () => {
      while (!isOver) looks.push(await timed(() => (dashboard as Connection).ask(list)))
    }
    const watching = looking()
    const taken = await timed(() => Promise.all(scripts.map((one, index) => script(one, requests[index] as Buffer[]))))
    isOver = true
    await watching
    return taken
  })
  const perSecond = (SCRIPTS * BATCHES * BATCH * 1_000) / ms
  return [
    {
      ...{ what: `points per second, ${SCRIPTS} scripts, batches of ${BATCH}`, ours: perSecond, other: 400_000 },
      ...{ ratio: perSecond / 400_000, comparedWith: 'target', unit: 'points/s', target: { atLeast: 1 } },
    },
    limit('  p99 of a page of the dashboard meanwhile', quantile(looks, 0.99), 50, 'ms'),
  ]
}

async function paging({ server: { value: port }, handlerTimes }: Product, client: LedgerClient): Promise<Result[]> {
  const page = '/api/v1/backtests?limit=50'
  const middle = `${timeOf(ROWS / 2)}`
  const deep = `${page}&cursor=${cursorAt(Number(middle))}`
  const pairs = await interleave(
    ROUNDS,
    () => typical(port, [client.request('GET', deep)]),
    () => typical(port, [client.request('GET', page)]),
  )
  const compared = compare(pairs)
  return [
    {
      what: 'page of 50 in the middle of 1,000,000 runs',
      ...compared,
      ...{ comparedWith: 'the first page', unit: 'ms', target: { atMost: 1.2 } },
    },
    limit('  the same within the server, as its log has it', median(await handlerTimes('/api/v1/backtests')), 1, 'ms'),
  ]
}

function cursorAt(time: number): string {
  const value = new Date(time).toISOString().replace('T', ' ').replace('Z', ' +00:00')
  return Buffer.from(JSON.stringify(['-created_at', value, '~'])).toString('base64url')
}

/** The median of asking one after the other. */
function typical(port: number, requests: Buffer[]): Promise<number> {
  return withConnections(port, 1, async ([connection]) => {
    const taken: number[] = []
    for (let look = 0; look < LOOKS; look += 1)
      taken.push(await timed(() => (connection as Connection).ask(requests[look % requests.length] as Buffer)))
    return median(taken)
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function limit(what: string, ours: number, most: number, unit: Result['unit']): Result {
  return { what, ours, other: most, ratio: ours / most, comparedWith: 'limit', unit, target: { atMost: 1 } }
}

async function sizeOf(file: string, run: string): Promise<number> {
  const [row] = await ask(
    file,
    `SELECT sum(length(data)) + sum(length(COALESCE(overview, x''))) AS bytes FROM backtest_segments
     WHERE backtest_id = ? AND kind = 'points'`,
    [run],
  )
  return Number(row?.bytes)
}

/** A million runs, a minute apart, as a script would leave them in many years. */
async function fillRuns(file: string, strategy: string): Promise<void> {
  await ask(
    file,
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
     INSERT INTO backtests (id, strategy_id, workspace_id, status, start_date, end_date, initial_capital, created_at)
     SELECT printf('bench-%07d', i), id, workspace_id, 'completed', '2020-01-01', '2020-12-31', 100000,
       strftime('%Y-%m-%d %H:%M:%f +00:00', ${timeOf(0) / 1000} + i * 60, 'unixepoch')
     FROM n, strategies WHERE strategies.id = ?`,
    [strategy],
  )
}

async function ask(file: string, sql: string, values: string[]): Promise<Record<string, unknown>[]> {
  const database = new sqlite3.Database(file)
  try {
    return await new Promise((resolve, reject) => {
      database.all<Record<string, unknown>>(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)))
    })
  } finally {
    await new Promise<void>((closed) => database.close(() => closed()))
  }
}
