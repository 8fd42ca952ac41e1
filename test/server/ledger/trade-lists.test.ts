import { describe, expect, test } from 'vitest'
import { makeStrategy, send, someEquity, someTrades, startRun } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const ABOUT_TRADES = ['trade_count', 'win_rate', 'average_trade', 'turnover', 'exposure', 'leverage', 'time_in_market']
const unknown = [null, null, null, null, null, null, null]
const none = [0, null, null, 0, 0, 0, 0]

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a run without trades is told from one whose trades nobody sent, and gates see which it is', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const equity = someEquity(900)
    const whole = async (changes: object) =>
      (await ada.post('/api/v1/backtests/record', { strategy_id: strategy, equity, ...changes })).body
    const streamed = async (bodies: [type: string, body: string][]) => {
      const { id } = await startRun(ada, strategy)
      await send(ada, `/api/v1/backtests/${id}/points?offset=0`, 'application/json', JSON.stringify(equity))
      for (const [type, body] of bodies)
        expect((await send(ada, `/api/v1/backtests/${id}/trades?offset=0`, type, body)).status).toBe(200)
      return (await ada.post(`/api/v1/backtests/${id}/complete`, { trade_count: 0 })).body
    }
    const heading = 'instrument,quantity,entry_at,exit_at,entry_price,exit_price'
    const cases: [run: Awaited<ReturnType<typeof whole>>, hasTradeList: boolean][] = [
      [await whole({}), false],
      [await whole({ trades: null }), false],
      [await streamed([]), false],
      [await whole({ trades: [] }), true],
      [await streamed([['application/json', '[]']]), true],
      [await streamed([['text/csv', heading]]), true],
    ]

    for (const [run, hasTradeList] of cases) {
      expect(run).toMatchObject({ status: 'completed', trade_count: 0, has_trade_list: hasTradeList })
      const figures = ABOUT_TRADES.map((name) => run.metrics.figures[name])
      expect(figures).toEqual(hasTradeList ? none : unknown)
      const { body: gate } = await ada.post(`/api/v1/strategies/${strategy}/gates/dev/evaluate`, {
        backtest_id: run.id,
      })
      expect(gate.checks).toContainEqual(
        expect.objectContaining(
          hasTradeList
            ? { id: 'trades', value: 0, verdict: 'failed' }
            : { id: 'trades', value: null, verdict: 'inconclusive' },
        ),
      )
    }
    const [without, , , empty] = cases.map(([run]) => run.result_hash)
    expect(new Set(cases.map(([run]) => run.result_hash))).toEqual(new Set([without, empty]))
    expect(empty).not.toBe(without)
    const { body: traded } = await ada.post('/api/v1/backtests/record', {
      ...{ strategy_id: strategy, equity, trades: someTrades(3) },
    })
    expect(traded).toMatchObject({ trade_count: 3, has_trade_list: true, metrics: { figures: { trade_count: 3 } } })
  })
})
