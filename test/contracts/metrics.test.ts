import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { METRICS } from '../../contracts/metric-catalogue'
import { metricDefinition, metricId, metrics } from '../../contracts/metrics'
import { toMetrics } from '../../server/ledger/metric-figures'
import { computeMetrics } from '../../server/quant/metrics'
import { dailyCurve, tradesOf } from '../support/curves'
import { metricsPage } from '../support/metrics-page'

test('the catalogue has every metric once, well formed', () => {
  expect(METRICS.map(({ id }) => id)).toEqual(metricId.options)
  for (const definition of METRICS) expect(metricDefinition.parse(definition)).toEqual(definition)
})

test.each([
  ['a run', [100, 101, 99, 103, 102]],
  ['an empty run', []],
])('%s is scored in every metric of the catalogue', (_, values) => {
  const scored = toMetrics(
    computeMetrics(dailyCurve(values), { trades: tradesOf([]), trials: { count: 3, sharpeVariance: 0.5 } }),
  )

  expect(metrics.parse(scored)).toEqual(scored)
  expect(Object.keys(scored.figures).sort()).toEqual([...metricId.options].sort())
})

test('what is never undefined by the catalogue is none for an empty run', () => {
  const { figures } = toMetrics(computeMetrics(dailyCurve([])))

  const defined = METRICS.filter(({ id }) => figures[id] !== null)
  expect(defined).toEqual(METRICS.filter((definition) => definition.undefined_when === null))
})

test('docs/metrics.md is the catalogue; run this test with -u after a change', async () => {
  await expect(metricsPage()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/metrics.md'))
})
