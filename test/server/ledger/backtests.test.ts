import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLedger } from '../../../server/ledger/ledger'
import { openBeside } from '../../support/beside'
import { openTestDatabase } from '../../support/open-test-database'
import { asCsv, asNdjson, makeStrategy, START, send, someEquity, someTrades, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const JSON_TYPE = 'application/json'
const points = (id: string, offset: number) => `/api/v1/backtests/${id}/points?offset=${offset}`
const trades = (id: string, offset: number) => `/api/v1/backtests/${id}/trades?offset=${offset}`

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a finished run in one call is scored by the server, and its curve and trades come back to the bit', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const equity = someEquity(300)

    const { status, body: run } = await ada.post('/api/v1/backtests/record', {
      strategy_id: strategy,
      equity,
      trades: someTrades(40),
      data_fingerprint: 'sha256-of-the-data',
      seed: 7,
      reported_metrics: { sharpe_ratio: 9, trade_count: 40 },
    })

    expect(status).toBe(201)
    expect(run).toMatchObject({
      status: 'completed',
      strategy_version: 1,
      start_date: '2020-01-01',
      end_date: '2020-10-26',
      initial_capital: equity[0]?.equity,
      point_count: 300,
      trade_count: 40,
      reproducibility: 'first',
      author_name: 'Ada',
      parameters: { window: 20 },
      metrics: { figures: { trade_count: 40, history_days: 299 } },
      difference_count: 1,
      differences: [{ metric: 'sharpe_ratio', theirs: 9, ours: run.metrics.figures.sharpe_ratio }],
    })
    expect(run.total_return).toBeCloseTo((equity[299]?.equity ?? 0) / (equity[0]?.equity ?? 1) - 1, 12)
    const curve = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    expect(curve.body).toEqual({
      point_count: 300,
      times: equity.map(({ time }) => Date.parse(time)),
      values: equity.map((point) => point.equity),
    })
    const page = await ada.get(`/api/v1/backtests/${run.id}/trades?limit=30`)
    expect(page.body).toMatchObject({ total: 40, next_cursor: 'index.30', trades: { length: 30 } })
    expect(page.body.trades[0]).toMatchObject({ index: 0, instrument: 'USDJPY', quantity: -1000, commission: 0.5 })
    const rest = await ada.get(`/api/v1/backtests/${run.id}/trades?limit=30&cursor=index.30`)
    expect(rest.body).toMatchObject({ next_cursor: null, trades: { length: 10 } })
    expect(rest.body.trades[9].index).toBe(39)
    const best = await ada.get(`/api/v1/backtests/${run.id}/trades?limit=40&sort=-profit`)
    const profits = best.body.trades.map(({ profit }: { profit: number }) => profit)
    expect(profits).toEqual([...profits].sort((one, other) => other - one))
    const csv = await ada.get(`/api/v1/backtests/${run.id}/trades.csv`)
    expect(csv.body.split('\r\n')).toHaveLength(42)
    expect(csv.body).toContain('\r\nUSDJPY,-1000,2020-01-01T00:00:00.000Z,2020-01-02T00:00:00.000Z,1.1,')
    const { body: returns } = await ada.get(`/api/v1/backtests/${run.id}/returns?window=299`)
    expect(returns.return_count).toBe(299)
    expect(returns.histogram.counts.reduce((sum: number, each: number) => sum + each, 0)).toBe(299)
    expect(returns.rolling_sharpe.times).toEqual([Date.parse('2020-10-26')])
    expect(returns.rolling_sharpe.values[0]).toBeCloseTo(run.sharpe_ratio, 9)
    expect((await ada.get(`/api/v1/strategies/${strategy}`)).body).toMatchObject({ backtest_count: 1 })
  })

  test('points and trades stream in batches of any format, and the run is the same as in one call', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const equity = someEquity(120)
    const fills = someTrades(30)
    const run = await startRun(ada, strategy, { expected_points: 120 })
    expect(run).toMatchObject({
      status: 'running',
      start_date: null,
      initial_capital: null,
      progress: 0,
      metrics: null,
    })

    expect((await send(ada, points(run.id, 0), JSON_TYPE, JSON.stringify(equity.slice(0, 30)))).body).toEqual({
      id: run.id,
      status: 'running',
      point_count: 30,
      trade_count: 0,
      progress: 0.25,
    })
    await send(ada, points(run.id, 30), 'text/csv', asCsv(equity.slice(30, 60)))
    await send(ada, points(run.id, 60), 'application/x-ndjson', asNdjson(equity.slice(60, 90)))
    await send(ada, trades(run.id, 0), 'text/csv', asCsv(fills.slice(0, 20)), true)
    await send(ada, trades(run.id, 20), JSON_TYPE, JSON.stringify(fills.slice(20)))
    const growing = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    expect(growing.body).toMatchObject({ point_count: 90, times: { length: 90 } })
    await send(ada, points(run.id, 90), JSON_TYPE, JSON.stringify(equity.slice(90)), true)
    const done = await ada.post(`/api/v1/backtests/${run.id}/complete`, { point_count: 120, trade_count: 30 })

    expect(done).toMatchObject({ status: 200, body: { status: 'completed', progress: 1, trade_count: 30 } })
    const { body: whole } = await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity, trades: fills })
    expect(whole).toMatchObject({
      metrics: done.body.metrics,
      result_hash: done.body.result_hash,
      fingerprint: done.body.fingerprint,
      reproducibility: 'same',
      first_run_id: run.id,
    })
    const { body: other } = await ada.post('/api/v1/backtests/record', {
      strategy_id: strategy,
      equity: someEquity(120, 1),
    })
    expect(other).toMatchObject({ reproducibility: 'different', first_run_id: run.id })
    const { body: seeded } = await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity, seed: 1 })
    expect(seeded).toMatchObject({ reproducibility: 'first', first_run_id: null })
  })

  test('a batch that is sent again changes nothing, whether all of it or a part had arrived', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const run = await startRun(ada, await makeStrategy(ada))
    const equity = someEquity(50)
    const sendPoints = (offset: number, rows: object[]) =>
      send(ada, points(run.id, offset), JSON_TYPE, JSON.stringify(rows))

    await sendPoints(0, equity.slice(0, 20))
    const again = await sendPoints(0, equity.slice(0, 20))
    const partly = await sendPoints(10, equity.slice(10, 35))
    const ahead = await sendPoints(40, equity.slice(40))
    const other = await sendPoints(30, someEquity(5, 200))
    const resumed = await ada.get(`/api/v1/backtests/${run.id}/progress`)

    expect(again).toMatchObject({ status: 200, body: { point_count: 20 } })
    expect(partly).toMatchObject({ status: 200, body: { point_count: 35 } })
    expect(ahead).toMatchObject({ status: 409, body: { code: 'offset_conflict' } })
    expect(other).toMatchObject({ status: 422, body: { errors: [{ field: 'offset' }] } })
    expect(resumed.body).toMatchObject({ point_count: 35 })
    const { body: curve } = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    expect(curve.values).toEqual(equity.slice(0, 35).map((point) => point.equity))
  })

  test('pairs of Float64 are points as well, and what is wrong with one is told by its number', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const run = await startRun(ada, await makeStrategy(ada))
    const equity = someEquity(400)
    const binary = (rows: { time: string; equity: number }[], tail = 0) => {
      const pairs = Float64Array.from(rows.flatMap((row) => [Date.parse(row.time), row.equity]))
      return new Uint8Array(pairs.buffer, 0, pairs.byteLength - tail)
    }
    const post = (offset: number, raw: Uint8Array<ArrayBuffer>, type = 'application/octet-stream') =>
      ada.request('POST', points(run.id, offset), undefined, { raw, headers: { 'content-type': type } })

    expect((await post(0, binary(equity.slice(0, 150)))).body).toMatchObject({ point_count: 150 })
    const zipped = new Uint8Array(gzipSync(binary(equity.slice(150))))
    const headers = { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' }
    const rest = await ada.request('POST', points(run.id, 150), undefined, { raw: zipped, headers })
    expect(rest.body).toMatchObject({ point_count: 400 })
    const late = someEquity(5, 400)
    for (const [body, message] of [
      [binary(late, 7), /middle of a pair/],
      [binary([...late, late[0] as (typeof late)[0]]), /^Row 6 is not later/],
      [binary([{ time: 'never', equity: 1 }]), /^Row 1 has a time/],
      [new Uint8Array(Float64Array.of(1.9e12 + 0.5, 1).buffer), /^Row 1 has a time finer than a millisecond/],
      [binary([{ time: '2030-01-01', equity: Number.NaN }]), /^Row 1 has an equity/],
    ] as const)
      expect((await post(400, body)).body).toMatchObject({ status: 422, detail: expect.stringMatching(message) })
    expect((await post(400, binary(late), 'application/json')).status).toBe(422)
    const asTrades = await ada.request('POST', trades(run.id, 0), undefined, { raw: binary(late), headers })
    expect(asTrades.status).toBe(415)

    const { body: curve } = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    expect(curve.values).toEqual(equity.map((point) => point.equity))
  })

  test('of two batches for the same place at once one is kept', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const run = await startRun(ada, await makeStrategy(ada))
    const [one, other] = [someEquity(40), someEquity(40).map((point) => ({ ...point, equity: point.equity + 1 }))]

    const replies = await Promise.all(
      [one, other, one].map((rows) => send(ada, points(run.id, 0), JSON_TYPE, JSON.stringify(rows))),
    )

    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    const { body: curve } = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    expect(curve).toMatchObject({ point_count: 40, values: { length: 40 } })
    expect([one[0]?.equity, other[0]?.equity]).toContain(curve.values[0])
  })

  test('rows that are not right are refused with their lines, and nothing of the batch is kept', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const strategy = await makeStrategy(ada)
    const run = await startRun(ada, strategy)
    await send(ada, points(run.id, 0), 'text/csv', 'time,equity\n2020-01-01,100\n2020-01-02,101')
    const cases: [type: string, body: string, line: string][] = [
      ['text/csv', 'time,equity\n2020-01-03,1\n2020-01-04,none', 'line 3'],
      ['text/csv', 'time,equity\n2020-01-02,1', 'line 2'], // not later than what is stored
      ['text/csv', 'when,what\n1,2', 'line 1'],
      ['application/x-ndjson', '{"time":"2020-01-03","equity":1}\n{"time":"2020-01-04","equity":1e999}', 'line 2'],
      [JSON_TYPE, '[{"time":"2020-01-03"}]', 'line 1'],
      [JSON_TYPE, '{}', 'line 1'],
      [JSON_TYPE, '[{"time":"2020-01-03","equity":1}', 'line 1'],
    ]

    for (const [type, body, line] of cases)
      expect(await send(ada, points(run.id, 2), type, body), body).toMatchObject({
        status: 422,
        body: { code: 'validation_failed', errors: [{ field: line }] },
      })
    const recorded = { strategy_id: strategy, equity: [...someEquity(5), { time: 'never', equity: 1 }] }
    expect((await ada.post('/api/v1/backtests/record', recorded)).status).toBe(422)
    expect((await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity: [] })).status).toBe(422)

    const { sequelize } = await openTestDatabase(server)
    const [segments] = await sequelize.query('SELECT count FROM backtest_segments')
    const [runs] = await sequelize.query('SELECT point_count FROM backtests')
    expect({ segments, runs }).toEqual({ segments: [{ count: 2 }], runs: [{ point_count: 2 }] })
  })

  test('what is no body of rows is refused, and the connection goes on', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const run = await startRun(ada, await makeStrategy(ada))
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, ' ')))
    const sendRaw = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
      ada.request('POST', points(run.id, 0), undefined, { raw, headers: { 'content-type': 'text/csv', ...headers } })

    expect((await sendRaw('x', { 'content-type': 'application/pdf' })).status).toBe(415)
    expect((await sendRaw('x', { 'content-encoding': 'br' })).status).toBe(415)
    expect((await sendRaw('time,equity', { 'content-encoding': 'gzip' })).status).toBe(400)
    expect((await sendRaw(bomb, { 'content-encoding': 'gzip' })).status).toBe(422)
    expect((await send(ada, points(run.id, 0), 'text/csv', asCsv(someEquity(3)))).status).toBe(200)
  })

  test('a key makes starting and recording safe to repeat, and is good for one request', async () => {
    const server = await startTestServer({ dialect })
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    const strategy = await makeStrategy(ada)
    const keyed = (path: string, body: object, key = 'once', client = ada) =>
      client.post(path, body, { headers: { 'Idempotency-Key': key } })
    const start = { strategy_id: strategy, label: 'first' }

    const [first, second] = await Promise.all([keyed('/api/v1/backtests', start), keyed('/api/v1/backtests', start)])
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.id).toBe(first.body.id)
    const changed = await keyed('/api/v1/backtests', { ...start, label: 'other' })
    expect(changed).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } })
    const record = { strategy_id: strategy, equity: someEquity(5) }
    const recorded = await keyed('/api/v1/backtests/record', record, '"two"')
    expect((await keyed('/api/v1/backtests/record', record, 'two')).body).toEqual(recorded.body)
    expect((await keyed('/api/v1/backtests/record', { ...record, seed: 1 }, 'two')).status).toBe(422)
    expect((await keyed('/api/v1/backtests', start, 'with space')).status).toBe(422)
    expect((await keyed('/api/v1/backtests', start, 'once', bob)).status).toBe(404)

    expect((await ada.get('/api/v1/backtests')).body.total).toBe(2)
  })

  test('a run that has ended takes nothing more, and ending it again answers what it is', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const [done, broken, empty] = [
      await startRun(ada, strategy),
      await startRun(ada, strategy),
      await startRun(ada, strategy),
    ]
    await send(ada, points(done.id, 0), JSON_TYPE, JSON.stringify(someEquity(10)))

    expect((await ada.post(`/api/v1/backtests/${done.id}/complete`, { point_count: 11 })).status).toBe(409)
    const completed = await ada.post(`/api/v1/backtests/${done.id}/complete`, {})
    expect((await ada.post(`/api/v1/backtests/${done.id}/complete`, {})).body).toEqual(completed.body)
    expect((await ada.post(`/api/v1/backtests/${empty.id}/complete`, {})).status).toBe(422)
    const failed = await ada.post(`/api/v1/backtests/${broken.id}/fail`, { reason: 'Out of memory in bar 17' })
    expect(failed.body).toMatchObject({ status: 'failed', error_message: 'Out of memory in bar 17' })

    for (const { id } of [done, broken]) {
      const late = await send(ada, points(id, 10), JSON_TYPE, JSON.stringify(someEquity(5, 10)))
      expect(late).toMatchObject({ status: 409, body: { code: 'run_finished' } })
      expect((await ada.post(`/api/v1/backtests/${id}/progress`, { progress: 0.5 })).status).toBe(409)
    }
    expect((await ada.post(`/api/v1/backtests/${done.id}/fail`, { reason: 'x' })).status).toBe(409)
    expect((await ada.post(`/api/v1/backtests/${broken.id}/complete`, {})).status).toBe(409)
    const { events } = (await ada.get('/api/v1/events')).body
    expect(events.map(({ type, subject_id }: { type: string; subject_id: string }) => `${type} ${subject_id}`)).toEqual(
      expect.arrayContaining([
        `backtest.started ${done.id}`,
        `backtest.progress ${done.id}`,
        `backtest.completed ${done.id}`,
        `backtest.failed ${broken.id}`,
      ]),
    )
  })

  test('lists by strategy and status, in pages, with totals that are kept', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const [momentum, carry] = [await makeStrategy(ada), await makeStrategy(ada, { name: 'Carry' })]
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.unshift((await startRun(ada, momentum)).id)
    const { id: other } = await startRun(ada, carry)
    await ada.post(`/api/v1/backtests/${ids[0]}/fail`, { reason: 'No data' })
    const list = async (query: string) => {
      const { body } = await ada.get(`/api/v1/backtests?${query}`)
      return { ids: body.backtests.map(({ id }: { id: string }) => id), total: body.total, next: body.next_cursor }
    }

    expect(await list('')).toEqual({ ids: [other, ...ids], total: 6, next: null })
    expect(await list('status=failed')).toEqual({ ids: [ids[0]], total: 1, next: null })
    expect(await list(`strategy_id=${momentum}&status=running`)).toEqual({ ids: ids.slice(1), total: 4, next: null })
    expect((await list('sort=created_at')).ids).toEqual([...ids].reverse().concat(other))
    const first = await list(`strategy_id=${momentum}&limit=3`)
    const second = await list(`strategy_id=${momentum}&limit=3&cursor=${first.next}`)
    expect([first.ids, second.ids, second.next]).toEqual([ids.slice(0, 3), ids.slice(3), null])
  })

  test('compares runs: figures side by side, and what differs', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const record = async (changes: object) =>
      (await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity: someEquity(9), ...changes })).body.id
    const one = await record({ seed: 1 })
    await ada.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 50, stop: true } })
    const other = await record({ seed: 2 })

    const { body } = await ada.get(`/api/v1/backtests/compare?ids=${other},${one}`)

    expect(body.backtests.map(({ id }: { id: string }) => id)).toEqual([other, one])
    expect(body.differing).toEqual([
      { name: 'strategy_version', values: [2, 1] },
      { name: 'seed', values: [2, 1] },
      { name: 'parameters.stop', values: [true, null] },
      { name: 'parameters.window', values: [50, 20] },
    ])
    expect((await ada.get(`/api/v1/backtests/compare?ids=${one},nowhere`)).status).toBe(404)
  })

  test('what you may not see does not exist for you', async () => {
    const { signUp } = await startTestServer({ dialect })
    const [ada, bob] = [await signUp('Ada'), await signUp('Bob')]
    const strategy = await makeStrategy(ada)
    const { id } = await startRun(ada, strategy)
    const none = '00000000-0000-4000-8000-000000000000'

    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/progress'],
      ['GET', '/curve'],
      ['GET', '/trades'],
      ['POST', '/points?offset=0', someEquity(3)],
      ['POST', '/trades?offset=0', someTrades(3)],
      ['POST', '/progress', { progress: 0.1 }],
      ['POST', '/complete', {}],
      ['POST', '/fail', { reason: 'mine' }],
    ] as const) {
      const foreign = await bob.request(method, `/api/v1/backtests/${id}${path}`, body)
      const unknown = await bob.request(method, `/api/v1/backtests/${none}${path}`, body)
      expect(foreign, path).toMatchObject({ status: 404, body: unknown.body })
    }
    expect((await bob.post('/api/v1/backtests', { strategy_id: strategy })).status).toBe(404)
    const record = { strategy_id: strategy, equity: someEquity(3) }
    expect((await bob.post('/api/v1/backtests/record', record)).status).toBe(404)
    expect((await bob.get('/api/v1/backtests')).body).toMatchObject({ backtests: [], total: 0 })
    expect((await ada.get(`/api/v1/backtests/${id}/progress`)).body).toMatchObject({
      status: 'running',
      point_count: 0,
    })
  })

  test('a long curve is stored in segments, and every window of it keeps its peaks', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const run = await startRun(ada, await makeStrategy(ada))
    const count = 300_000
    const values = Float64Array.from({ length: count }, (_, at) => 1_000 + Math.sin(at / 900) * 50)
    values[123_456] = 5_000
    values[200_001] = 10
    const row = (at: number) => `${START + at * 1_000},${values[at]}`
    const csv = (from: number, to: number) =>
      `time,equity\n${Array.from({ length: to - from }, (_, at) => row(from + at)).join('\n')}`

    expect((await send(ada, points(run.id, 0), 'text/csv', csv(0, 200_000), true)).status).toBe(200)
    expect((await send(ada, points(run.id, 200_000), 'text/csv', csv(200_000, count))).status).toBe(200)
    const running = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    const done = await ada.post(`/api/v1/backtests/${run.id}/complete`, { point_count: count })

    expect(done).toMatchObject({ status: 200, body: { status: 'completed', point_count: count } })
    const { sequelize } = await openTestDatabase(server)
    const [segments] = await sequelize.query(
      "SELECT sum(count) AS points, max(length(data)) AS widest, count(*) AS parts FROM backtest_segments WHERE kind = 'points'",
    )
    expect(segments).toEqual([
      {
        points: expect.toSatisfy((sum) => Number(sum) === count),
        widest: expect.any(Number),
        parts: expect.toSatisfy((parts) => Number(parts) === 5),
      },
    ])
    const whole = await ada.get(`/api/v1/backtests/${run.id}/curve`)
    for (const { body } of [running, whole]) {
      expect(body.times.length).toBeLessThanOrEqual(2_000)
      expect([Math.max(...body.values), Math.min(...body.values)]).toEqual([5_000, 10])
    }
    const window = await ada.get(
      `/api/v1/backtests/${run.id}/curve?from=${START + 123_400_000}&to=${START + 123_500_000}&points=400`,
    )
    expect(window.body.times[0]).toBeLessThan(START + 123_400_000)
    expect(window.body.values.slice(1, -1)).toEqual(Array.from(values.subarray(123_400, 123_501)))
    const binary = await fetch(`${ada.origin}/api/v1/backtests/${run.id}/curve?points=500`, {
      headers: { authorization: `Bearer ${ada.token}`, accept: 'application/octet-stream' },
    })
    const numbers = new Float64Array(await binary.arrayBuffer())
    expect(binary.headers.get('x-point-count')).toBe(String(count))
    expect(numbers[0]).toBe(START)
    expect(Math.max(...numbers.subarray(numbers.length / 2))).toBe(5_000)
  })

  test('a run that is not heard of for a day fails, and one that is heard of goes on', async () => {
    let now = Date.now()
    const server = await startTestServer({
      dialect,
      now: () => now,
      config: { tokens: { algorithm: 'HS256', lifetimeSeconds: 200_000 } },
    })
    const ada = await server.signUp('Ada')
    const strategy = await makeStrategy(ada)
    const later = async () => {
      now += 20 * 3_600_000
      // A node of Postgres first makes sure that it has missed nothing.
      await expect.poll(async () => (await ada.get('/api/auth/verify')).status).toBe(200)
    }
    const [silent, lively] = [await startRun(ada, strategy), await startRun(ada, strategy)]
    await later()
    await ada.post(`/api/v1/backtests/${lively.id}/progress`, { progress: 0.5 })
    await later()

    const { database, audit } = await openBeside(server)
    const beside = openLedger({
      ...{ database, audit, log: pino({ level: 'silent' }), now: () => now },
      place: { config: server.config.database, password: server.secrets.databasePassword },
    })
    onTestFinished(beside.close)
    await beside.runs.failSilentSince(new Date(now - 24 * 3_600_000))

    expect((await ada.get(`/api/v1/backtests/${silent.id}`)).body).toMatchObject({ status: 'failed' })
    expect((await ada.get(`/api/v1/backtests/${lively.id}`)).body).toMatchObject({ status: 'running' })
  })
})
