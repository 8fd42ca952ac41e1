import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byYear, histogram, rebase, rollingSharpe } from '../../../server/quant/charts'
import { drawdownFigures, drawdownTable, underWater } from '../../../server/quant/drawdown'
import { monthlyReturns } from '../../../server/quant/months'
import { toPeriods, toReturns } from '../../../server/quant/periods'
import { expectClose } from '../../support/close'
import { anyCurve, DAY, dailyCurve, grown } from '../../support/curves'
import cases from './reference/metrics.json'

const EMPTY = { times: new Float64Array(), values: new Float64Array() }
const START = dailyCurve([1]).times[0] as number

describe('what numpy makes of the same curves (reference/make-metrics.py)', () => {
  const periodsOf = ({ times, values, options }: (typeof cases)[number]) =>
    toPeriods({ times: Float64Array.from(times), values: Float64Array.from(values) }, options.dayStartMinutes)

  test.each(cases)('the rolling Sharpe ratio of $name', (reference) => {
    const periods = periodsOf(reference)
    const rolling = rollingSharpe(periods, 20, reference.periodsPerYear, reference.options.riskFreeRate)

    expect(rolling.values).toHaveLength(reference.rollingSharpe20.length)
    rolling.values.forEach((value, index) => {
      expectClose(value, reference.rollingSharpe20[index] as number, `from ${index}`)
    })
    expect(rolling.times).toHaveLength(rolling.values.length)
    expect(rolling.times.at(-1)).toBe((periods.days.at(-1) as number) * DAY)
  })

  test.each(cases)('the histogram of $name', (reference) => {
    const { edges, counts } = histogram(toReturns(periodsOf(reference)) as number[])

    expect(counts).toEqual(reference.histogram.counts)
    edges.forEach((edge, index) => {
      expectClose(edge, reference.histogram.edges[index] as number, `edge ${index}`)
    })
  })
})

describe('drawdowns', () => {
  test('are listed deepest first, with high, low and recovery', () => {
    const curve = dailyCurve([100, 90, 100, 80, 60, 90, 120, 120, 114, 117])
    const at = (day: number) => START + day * DAY

    expect(drawdownTable(curve)).toEqual([
      { highAt: at(2), lowAt: at(4), recoveredAt: at(6), depth: -0.4, days: 4 },
      { highAt: at(0), lowAt: at(1), recoveredAt: at(2), depth: 90 / 100 - 1, days: 2 },
      { highAt: at(7), lowAt: at(8), recoveredAt: null, depth: 114 / 120 - 1, days: 2 },
    ])
    expect(drawdownTable(curve, 1)).toHaveLength(1)
  })

  test.each([
    ['an empty curve', []],
    ['a curve that starts at zero', [0, 5, 1]],
    ['a curve that only rises', [1, 2, 2, 3]],
  ])('%s has none', (_, values) => {
    expect(drawdownTable(dailyCurve(values))).toEqual([])
  })

  test('the table, the line below the curve and the figures say the same', () => {
    fc.assert(
      fc.property(anyCurve({ minLength: 1 }), (curve) => {
        const figures = drawdownFigures(curve)
        const all = drawdownTable(curve, 1000)
        const line = underWater(curve)

        expect(all[0]?.depth ?? 0).toBe(figures.maxDrawdown)
        expect(all.map(({ depth }) => depth)).toEqual(all.map(({ depth }) => depth).sort((a, b) => a - b))
        expect(Math.max(0, ...all.map(({ days }) => days))).toBe(figures.longestDrawdownDays)
        expect(Math.min(...line.values)).toBe(figures.maxDrawdown)
        expect(line.times).toEqual(curve.times)
        expect(Math.max(...line.values)).toBe(0)
        for (const { lowAt, depth } of all) expect(line.values[curve.times.indexOf(lowAt)]).toBe(depth)
        expect(drawdownTable(curve, 3)).toEqual(all.slice(0, 3))
      }),
    )
  })

  test('below zero the line stays at everything', () => {
    expect([...underWater(dailyCurve([100, -50, 20, 200])).values]).toEqual([0, -1, -0.8, 0])
    expect(underWater(dailyCurve([0, 1])).values).toHaveLength(0)
  })
})

describe('the rolling Sharpe ratio', () => {
  test('has a gap where the returns do not vary', () => {
    const { values } = rollingSharpe(toPeriods(dailyCurve(grown([0, 0, 0, 0.1, -0.1])), 0), 3, 252)

    expect(values).toEqual([null, expect.any(Number), expect.any(Number)])
  })

  test.each([
    ['too few returns', dailyCurve([1, 2, 3])],
    ['an account that fell to zero', dailyCurve([1, 0, 3, 4, 5])],
    ['an empty curve', EMPTY],
  ])('is empty for %s', (_, curve) => {
    expect(rollingSharpe(toPeriods(curve, 0), 3, 252)).toEqual({ times: new Float64Array(), values: [] })
  })

  test.each([1, 0, 2.5, Number.NaN])('of %d returns is refused', (length) => {
    expect(() => rollingSharpe(toPeriods(EMPTY, 0), length, 252)).toThrow(RangeError)
  })
})

describe('a histogram', () => {
  test('counts every return once, between its edges', () => {
    const returns = fc.array(fc.oneof(fc.double({ min: -1, max: 3, noNaN: true }), fc.constantFrom(0, 0.01)), {
      minLength: 1,
      maxLength: 300,
    })
    fc.assert(
      fc.property(returns, (drawn) => {
        const { edges, counts } = histogram(drawn)

        expect(edges).toHaveLength(counts.length + 1)
        expect(counts.length).toBeLessThanOrEqual(200)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(drawn.length)
        expect([edges[0], edges.at(-1)]).toEqual([Math.min(...drawn) + 0, expect.closeTo(Math.max(...drawn), 12)])
        counts.forEach((count, bin) => {
          const isLast = bin === counts.length - 1
          const [from, to] = [edges[bin] as number, edges[bin + 1] as number]
          expect(drawn.filter((each) => each >= from && (each < to || isLast)).length).toBe(count)
        })
      }),
    )
  })

  test.each([
    ['no returns', [], 0],
    ['one', [0.1], 1],
    ['all alike', [0.1, 0.1, 0.1], 1],
    ['half of them alike', [0, 0, 0, 0, 0, 0, 0, 1], 4],
    ['one far away', [...Array.from({ length: 99 }, (_, index) => index / 1e6), 1e3], 200],
  ])('of %s', (_, returns, bins) => {
    expect(histogram(returns).counts).toHaveLength(bins)
  })
})

test('months become years that compound', () => {
  const curve = {
    times: Float64Array.of(Date.UTC(2022, 10, 30), Date.UTC(2022, 11, 30), Date.UTC(2023, 1, 1), Date.UTC(2023, 2, 1)),
    values: Float64Array.of(100, 110, 121, 60.5),
  }
  const years = byYear(monthlyReturns(toPeriods(curve, 0)))

  expect(years.map(({ year }) => year)).toEqual([2022, 2023])
  expect(years[0]?.months).toEqual([...new Array(11).fill(null), expect.closeTo(0.1, 12)])
  expect(years[1]?.months.slice(0, 4)).toEqual([null, expect.closeTo(0.1, 12), -0.5, null])
  expectClose(years[1]?.total ?? null, 1.1 * 0.5 - 1, 'total')
  expect(byYear([{ year: 2020, month: 2, return: null }])).toEqual([
    { year: 2020, months: new Array(12).fill(null), total: null },
  ])
  expect(byYear([])).toEqual([])
})

describe('a benchmark', () => {
  const benchmark = dailyCurve([50, 100, 80, 120])

  test.each([
    ['at a point', START + DAY, 1000, [1000, 800, 1200]],
    ['between points: the one before counts', START + 1.5 * DAY, 1000, [1000, 800, 1200]],
    ['before its start', START - DAY, 1000, [1000, 2000, 1600, 2400]],
    ['after its end', START + 9 * DAY, 60, [60]],
  ])('is rebased %s', (_, at, value, expected) => {
    expect([...rebase(benchmark, at, value).values]).toEqual(expected)
  })

  test('that is worth nothing there is not drawn', () => {
    expect(rebase(dailyCurve([0, 1]), START, 100).times).toHaveLength(0)
    expect(rebase(EMPTY, START, 100).times).toHaveLength(0)
  })
})
