import { describe, expect, test } from 'vitest'
import { makeStrategy } from '../../support/runs'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const DAY_MS = 86_400_000

/** Days of equity that grow, more or less. */
const growing = (drift: number) =>
  Array.from({ length: 400 }, (_, day) => ({
    time: new Date(Date.UTC(2020, 0, 1) + day * DAY_MS).toISOString(),
    equity: 100_000 * (1 + drift * day + 0.01 * Math.sin(day * 1.3) + 0.004 * Math.cos(day * 7.1)),
  }))

function variance(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('runs that end at once count each other as those do that end in turn', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const [sweep, repeated] = [await makeStrategy(ada), await makeStrategy(ada, { name: 'Repeated' })]
    const record = (strategy_id: string, seed: number) =>
      ada.post('/api/v1/backtests/record', { strategy_id, seed, equity: growing(seed / 10_000) })

    const different = await Promise.all([1, 2, 3, 4].map((seed) => record(sweep, seed)))
    const equal = await Promise.all([1, 1, 1, 1].map((seed) => record(repeated, seed)))

    const counts = different.map(({ body }) => body.metrics.basis.trials.count)
    expect(counts.sort()).toEqual([1, 2, 3, 4])
    expect(equal.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(equal.map(({ body }) => body.reproducibility).sort()).toEqual(['first', 'same', 'same', 'same'])
    expect(equal.map(({ body }) => body.metrics.basis.trials.count)).toEqual([1, 1, 1, 1])
  })

  test('runs that were streamed and are completed at once count each other too', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const { body } = await ada.post('/api/v1/backtests', { strategy_id: strategy })
        await ada.post(`/api/v1/backtests/${body.id}/points?offset=0`, growing(0.0002))
        return body.id as string
      }),
    )

    const completed = await Promise.all(ids.map((id) => ada.post(`/api/v1/backtests/${id}/complete`, {})))

    expect(completed.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(completed.map(({ body }) => body.reproducibility).sort()).toEqual(['first', 'same', 'same'])
  })

  test('the trials of a deflated Sharpe ratio are the completed runs of the strategy; a script may only state more', async () => {
    const ada = await (await startTestServer({ dialect })).signUp('Ada')
    const strategy = await makeStrategy(ada)
    const record = async (drift: number, changes: object = {}) => {
      const run = { strategy_id: strategy, equity: growing(drift), ...changes }
      const { status, body } = await ada.post('/api/v1/backtests/record', run)
      expect(status).toBe(201)
      return body
    }
    const trialsOf = ({ metrics }: Awaited<ReturnType<typeof record>>) => metrics.basis.trials

    const first = await record(0.0003)
    expect(trialsOf(first)).toEqual({ count: 1, sharpe_variance: null, source: 'runs' })
    expect(first.metrics.figures.deflated_sharpe_ratio).toBe(first.metrics.figures.probabilistic_sharpe_ratio)

    const second = await record(0.0001, { seed: 2 })
    await ada.post(`/api/v1/strategies/${strategy}/versions`, { parameters: { window: 99 } })
    const third = await record(0.0002, { seed: 3 })
    const between = variance([first, second, third].map((run) => run.sharpe_ratio))
    expect(trialsOf(third)).toEqual({ count: 3, sharpe_variance: expect.closeTo(between, 9), source: 'runs' })
    expect(third.metrics.figures.deflated_sharpe_ratio).toBeLessThan(third.metrics.figures.probabilistic_sharpe_ratio)

    // A repetition with the same result was not tried twice; one that came out differently was.
    const again = await record(0.0002, { seed: 3 })
    expect(again.reproducibility).toBe('same')
    expect(trialsOf(again)).toEqual(trialsOf(third))
    expect(trialsOf(await record(0.00021, { seed: 3 }))).toMatchObject({ count: 4 })

    // Neither a run that failed nor another strategy's counts.
    const { body: broken } = await ada.post('/api/v1/backtests', { strategy_id: strategy })
    await ada.post(`/api/v1/backtests/${broken.id}/fail`, { reason: 'No data' })
    const other = await makeStrategy(ada, { name: 'Carry' })
    expect(trialsOf(await record(0.0001, { strategy_id: other }))).toMatchObject({ count: 1 })

    const stating = (seed: number, trials: object) => record(0.0003, { seed, trials })
    expect(trialsOf(await stating(5, { count: 1, sharpe_variance: 0 }))).toMatchObject({
      ...{ count: 5, source: 'runs', sharpe_variance: expect.toSatisfy((found) => found > 1e-6) },
    })
    const grid = await stating(6, { count: 500, sharpe_variance: 1e-9 })
    expect(trialsOf(grid)).toMatchObject({ count: 500, source: 'stated' })
    expect(trialsOf(grid).sharpe_variance).toBeGreaterThan(1e-6)
    expect(trialsOf(await stating(7, { count: 2, sharpe_variance: 9 }))).toMatchObject({ count: 7, sharpe_variance: 9 })

    // The first run was completed as the only one; a gate holds it against all that were tried by now.
    const { body: gate } = await ada.post(`/api/v1/strategies/${strategy}/gates/crv/evaluate`, {
      ...{ strategy_version: 1, backtest_id: first.id },
    })
    const { body: seen } = await ada.get(`/api/v1/backtests/${first.id}`)
    expect(seen.metrics).toEqual(first.metrics)
    expect(gate.evidence.backtest.trials).toMatchObject({ count: 7, source: 'runs' })
    expect(seen.selection.trials).toEqual(gate.evidence.backtest.trials)
    const check = gate.checks.find(({ id }: { id: string }) => id === 'selection')
    expect(check.value).toBe(seen.selection.deflated_sharpe_ratio)
    expect(check.value).toBeLessThan(first.metrics.figures.deflated_sharpe_ratio)
    expect(check.verdict).not.toBe('inconclusive')
  })
})
