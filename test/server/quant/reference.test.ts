import { expect, test } from 'vitest'
import { computeMetrics, type Figures } from '../../../server/quant/metrics'
import { expectedBest, probabilisticSharpe } from '../../../server/quant/significance'
import { expectClose } from '../../support/close'
import cases from './reference/metrics.json'

test.each(cases)('what numpy and scipy make of $name (reference/make-metrics.py)', (reference) => {
  const { times, values, options, periodsPerYear } = reference
  const trades = {
    entryTimes: Float64Array.from(reference.trades.entryTimes),
    exitTimes: Float64Array.from(reference.trades.exitTimes),
    quantities: Float64Array.from(reference.trades.quantities),
    entryPrices: Float64Array.from(reference.trades.entryPrices),
    exitPrices: Float64Array.from(reference.trades.exitPrices),
    profits: Float64Array.from(reference.trades.profits),
  }
  const curve = { times: Float64Array.from(times), values: Float64Array.from(values) }

  const { figures, monthlyReturns, basis } = computeMetrics(curve, { ...options, trades })

  expect(basis).toEqual({ ...options, periodsPerYear, isInferred: true })
  expect(Object.keys(figures).sort()).toEqual(Object.keys(reference.figures).sort())
  for (const [name, expected] of Object.entries(reference.figures)) {
    expectClose(figures[name as keyof Figures], expected, name)
  }
  expect(monthlyReturns.map(({ year, month }) => [year, month])).toEqual(
    reference.months.map((month) => month.slice(0, 2)),
  )
  monthlyReturns.forEach((month, index) => {
    expectClose(month.return, reference.months[index]?.[2] ?? null, `${month.year}-${month.month}`)
  })
})

test('the probabilistic Sharpe ratio as Bailey and López de Prado (2012) print it', () => {
  const monthly = { sharpe: 0.458, count: 24 }

  expect(probabilisticSharpe({ ...monthly, skewness: 0, excessKurtosis: 0 })).toBeCloseTo(0.982, 3)
  expect(probabilisticSharpe({ ...monthly, skewness: -2.448, excessKurtosis: 7.164 })).toBeCloseTo(0.913, 3)
})

test('a ratio whose variance comes out at zero or below has no probability', () => {
  expect(probabilisticSharpe({ sharpe: 1, count: 24, skewness: 2, excessKurtosis: 1 })).toBeNull()
  expect(probabilisticSharpe({ sharpe: 1, count: 24, skewness: 1.5, excessKurtosis: 0 })).toBeNull()
  expect(probabilisticSharpe({ sharpe: 1, count: 1, skewness: 0, excessKurtosis: 0 })).toBeNull()
})

test.each([
  [100, -3, 7, 0.9004],
  [46, -3, 7, 0.9505],
  [88, 0, 0, 0.9505],
])(
  'the deflated Sharpe ratio as Bailey and López de Prado (2014) print it, %i trials',
  (count, skewness, excessKurtosis, printed) => {
    const benchmark = (expectedBest({ count, sharpeVariance: 1 / 2 }) as number) / Math.sqrt(250)
    const sample = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness, excessKurtosis }

    expect(probabilisticSharpe(sample, benchmark)).toBeCloseTo(printed, 4)
  },
)
