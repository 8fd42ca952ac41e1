import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computeMetrics, type Figures } from '../../../server/quant/metrics'
import { expectedBest } from '../../../server/quant/significance'
import { expectClose } from '../../support/close'
import { anyCurve, DAY, dailyCurve, grown, tradesOf } from '../../support/curves'

const EMPTY = { times: new Float64Array(), values: new Float64Array() }
const NO_TRADES = tradesOf([])
const figuresOf = (values: readonly number[], options = {}) => computeMetrics(dailyCurve(values), options).figures
const definedIn = (figures: Figures) =>
  Object.entries(figures)
    .filter(([, figure]) => figure !== null)
    .map(([name]) => name)
    .sort()

describe('what is undefined is null', () => {
  test.each([
    ['an empty curve', [], ['historyDays', 'returnCount']],
    ['one point', [100], ['historyDays', 'longestDrawdownDays', 'maxDrawdown', 'maxDrawdownDays', 'returnCount']],
    [
      'one return',
      [100, 101],
      [
        ...['bestDay', 'cagr', 'historyDays', 'longestDrawdownDays', 'maxDrawdown', 'maxDrawdownDays', 'returnCount'],
        ...['timeUnderWater', 'totalReturn', 'worstDay'],
      ],
    ],
    ['a first value of zero', [0, 100, 110, 90], ['historyDays', 'returnCount']],
    ['a first value below zero', [-5, 100, 110, 90], ['historyDays', 'returnCount']],
  ])('%s', (_, values, defined) => {
    expect(definedIn(figuresOf(values))).toEqual(defined)
  })

  test('a constant curve has no deviation, no downside and no drawdown to divide by', () => {
    expect(figuresOf(new Array(30).fill(100))).toMatchObject({
      totalReturn: 0,
      cagr: 0,
      volatility: 0,
      sharpeRatio: null,
      sortinoRatio: null,
      calmarRatio: null,
      maxDrawdown: 0,
      maxDrawdownDays: 0,
      timeUnderWater: 0,
      valueAtRisk95OnePeriod: 0,
      skewness: null,
      excessKurtosis: null,
      probabilisticSharpeRatio: null,
      deflatedSharpeRatio: null,
    })
  })

  test('a deviation from rounding alone is none', () => {
    const steady = figuresOf(grown(new Array(250).fill(0.001)))

    expect(steady.volatility).toBe(0)
    expect(steady.sharpeRatio).toBeNull()
    expect(steady.skewness).toBeNull()
    expectClose(steady.totalReturn, 1.001 ** 250 - 1, 'total return', 1e-12)
  })

  test('a small deviation that is real counts', () => {
    const figures = figuresOf(grown([1e-9, 3e-9, 1e-9, 3e-9, 2e-9]))

    expect(figures.volatility).toBeGreaterThan(0)
    expect(figures.sharpeRatio).toBeGreaterThan(0)
  })

  test('the tail is undefined below twenty returns', () => {
    expect(figuresOf(grown(new Array(19).fill(-0.01))).valueAtRisk95OnePeriod).toBeNull()
    expect(figuresOf(grown(new Array(19).fill(-0.01))).expectedShortfall95OnePeriod).toBeNull()
    expectClose(figuresOf(grown(new Array(20).fill(-0.01))).valueAtRisk95OnePeriod, 0.01, 'value at risk')
  })

  test('the tail of twenty returns is the worst of them, of twenty-one the two worst', () => {
    const returns = Array.from({ length: 21 }, (_, index) => 0.01 * (10 - index))
    const twenty = figuresOf(grown(returns.slice(0, 20)))

    expectClose(twenty.expectedShortfall95OnePeriod, 0.09, 'shortfall of 20')
    expectClose(twenty.valueAtRisk95OnePeriod, 0.09 - 0.95 * 0.01, 'value at risk of 20')
    expectClose(figuresOf(grown(returns)).expectedShortfall95OnePeriod, 0.095, 'shortfall of 21')
    expectClose(figuresOf(grown(returns)).valueAtRisk95OnePeriod, 0.09, 'value at risk of 21')
  })

  test('an overflow is undefined, not infinite', () => {
    const minute = { times: Float64Array.of(0, 60_000), values: Float64Array.of(1, 2) }

    expect(computeMetrics(minute).figures).toMatchObject({ totalReturn: 1, cagr: null, calmarRatio: null })
  })
})

describe('an account that falls to zero', () => {
  test('on the last day has lost everything, by every figure', () => {
    expect(figuresOf([100, 120, 0])).toMatchObject({
      totalReturn: -1,
      cagr: -1,
      maxDrawdown: -1,
      calmarRatio: -1,
      worstDay: -1,
      returnCount: 2,
    })
  })

  test('and trades on has no returns, and no drawdown deeper than everything', () => {
    expect(figuresOf([100, -20, 50, 80], { trades: NO_TRADES })).toMatchObject({
      totalReturn: 80 / 100 - 1,
      maxDrawdown: -1,
      volatility: null,
      sharpeRatio: null,
      bestDay: null,
      returnCount: 0,
      turnover: null,
      exposure: null,
      timeInMarket: null,
    })
  })

  test('for a day holds nothing that positions could be set against', () => {
    expect(figuresOf([100, 0, 50, 80], { trades: NO_TRADES })).toMatchObject({
      ...{ maxDrawdown: -1, returnCount: 0, turnover: null, exposure: null, leverage: null, timeInMarket: null },
    })
  })

  test('and stays in debt grew by no rate', () => {
    expect(figuresOf([100, -20])).toMatchObject({ totalReturn: -1.2, cagr: null, maxDrawdown: -1 })
  })
})

describe('refused', () => {
  test.each([
    ['NaN', [0, 1], [1, Number.NaN], /value of point 1/],
    ['an infinite value', [0, 1], [Number.POSITIVE_INFINITY, 1], /value of point 0/],
    ['a time that is NaN', [0, Number.NaN], [1, 1], /time of point 1/],
    ['the same time twice', [5, 5], [1, 1], /Point 1 is not later/],
    ['times that go back', [5, 4], [1, 1], /Point 1 is not later/],
    ['more times than values', [1, 2], [1], /2 and 1/],
  ])('%s', (_, times, values, message) => {
    const curve = { times: Float64Array.from(times), values: Float64Array.from(values) }

    expect(() => computeMetrics(curve)).toThrow(message)
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d periods per year', (periodsPerYear) => {
    expect(() => computeMetrics(EMPTY, { periodsPerYear })).toThrow(RangeError)
  })

  test.each([-1, -2, Number.NaN])('a risk-free rate of %d', (riskFreeRate) => {
    expect(() => computeMetrics(EMPTY, { riskFreeRate })).toThrow(RangeError)
  })

  test('no trials at all', () => {
    const trials = { count: 0, sharpeVariance: null }

    expect(() => computeMetrics(dailyCurve(grown([0.01, -0.02, 0.03, 0.01, 0.02])), { trials })).toThrow(RangeError)
  })
})

describe('periods', () => {
  const days = (every: number) => dailyCurve(new Array(40).fill(100), { every: every * DAY })
  const weekdays = {
    times: Float64Array.from({ length: 40 }, (_, index) =>
      Date.UTC(2024, 0, 1 + Math.floor(index / 5) * 7 + (index % 5)),
    ),
    values: new Float64Array(40).fill(100),
  }

  test.each([
    ['weekdays', weekdays, 252],
    ['every day', days(1), 365],
    ['weeks', days(7), 52],
    ['months', days(30.4375), 12],
    ['quarters', days(91.3125), 4],
    ['years', days(365.25), 1],
    ['nothing', EMPTY, 252],
  ])('of %s', (_, curve, periodsPerYear) => {
    expect(computeMetrics(curve).basis).toMatchObject({ periodsPerYear, isInferred: true })
  })

  test('per year are what was asked for, and said so', () => {
    const values = grown([0.01, -0.02, 0.03])
    const daily = computeMetrics(dailyCurve(values), { periodsPerYear: 252 })
    const hundred = computeMetrics(dailyCurve(values), { periodsPerYear: 100 })

    expect(hundred.basis).toMatchObject({ periodsPerYear: 100, isInferred: false })
    expectClose(hundred.figures.volatility, (daily.figures.volatility as number) * Math.sqrt(100 / 252), 'volatility')
  })

  test('end with the last value of a day, whatever else the day saw', () => {
    const hours = (...times: number[]) => Float64Array.from(times, (hour) => hour * 3_600_000)
    const { figures } = computeMetrics({
      times: hours(0, 9, 15, 24, 30, 47, 48),
      values: Float64Array.of(100, 1, 110, 500, 50, 121, 60.5),
    })

    expect(figures.returnCount).toBe(3)
    expectClose(figures.bestDay, 0.1, 'best day')
    expectClose(figures.worstDay, -0.5, 'worst day')
    expectClose(figures.maxDrawdown, -0.99, 'max drawdown')
  })

  test('start when the trading day does', () => {
    const evening = {
      times: Float64Array.of(0, 17 * 3_600_000, 25 * 3_600_000),
      values: Float64Array.of(100, 110, 121),
    }

    expect(computeMetrics(evening).figures.returnCount).toBe(2)
    expect(computeMetrics(evening, { dayStartMinutes: -420 }).figures.returnCount).toBe(1)
  })
})

describe('drawdown', () => {
  test('lasts from the high until it is reached again; the deepest need not be the longest', () => {
    const figures = figuresOf([100, 80, 100, 99, 98, 99, 97, 101])

    expect(figures).toMatchObject({ maxDrawdownDays: 2, longestDrawdownDays: 5 })
    expectClose(figures.maxDrawdown, -0.2, 'max drawdown')
    expectClose(figures.timeUnderWater, 5 / 7, 'time under water')
  })

  test('that is not made up lasts to the end of the run', () => {
    expect(figuresOf([100, 90, 95, 96])).toMatchObject({ maxDrawdownDays: 3, longestDrawdownDays: 3 })
  })

  test('starts at the last point of a high that lasts', () => {
    expect(figuresOf([100, 100, 100, 90, 100])).toMatchObject({ maxDrawdownDays: 2, timeUnderWater: 0.25 })
  })
})

describe('trades', () => {
  const curve = dailyCurve(new Array(11).fill(1000))
  const at = (day: number) => (curve.times[0] as number) + day * DAY
  const figures = (...rows: Parameters<typeof tradesOf>[0]) => computeMetrics(curve, { trades: tradesOf(rows) }).figures

  test('that nobody sent are unknown, none at all are zero', () => {
    expect(computeMetrics(curve).figures).toMatchObject({ tradeCount: null, turnover: null, timeInMarket: null })
    expect(figures()).toMatchObject({
      ...{ tradeCount: 0, winRate: null, profitFactor: null, averageTrade: null },
      ...{ turnover: 0, exposure: 0, leverage: 0, timeInMarket: 0 },
    })
  })

  test('all lost', () => {
    expect(figures([at(0), at(1), 1, 10, 9, -1], [at(1), at(2), 1, 10, 7, -3])).toMatchObject({
      ...{ tradeCount: 2, winRate: 0, profitFactor: 0, averageTrade: -2 },
    })
  })

  test('none lost: there is nothing to divide by', () => {
    expect(figures([at(0), at(1), 1, 10, 11, 1], [at(1), at(2), 1, 10, 10, 0])).toMatchObject({
      ...{ winRate: 0.5, profitFactor: null, averageTrade: 0.5 },
    })
  })

  test('count while they are open, long against short, and only while the curve runs', () => {
    const long = [at(-5), at(5), 10, 20, 30, 100] as const
    const short = [at(4), at(6), -5, 20, 20, 0] as const
    const before = [at(-3), at(-1), 100, 20, 20, 0] as const
    const { exposure, leverage, timeInMarket, turnover } = figures(long, short, before)

    expectClose(exposure, (0.2 * 5 - 0.1 * 2) / 10, 'exposure')
    expectClose(leverage, (0.2 * 5 + 0.1 * 2) / 10, 'leverage')
    expectClose(timeInMarket, 0.6, 'time in market')
    expectClose(turnover, (500 + 200 + 4000) / 1000 / (10 / 365.25), 'turnover')
  })

  test.each([
    ['a number that is not finite', [0, 1, 1, Number.NaN, 1, 1] as const, /entryPrices of trade 0/],
    ['an exit before the entry', [2, 1, 1, 1, 1, 1] as const, /Trade 0 ends before/],
  ])('with %s are refused', (_, row, message) => {
    expect(() => figures(row)).toThrow(message)
  })

  test('in columns of unequal length are refused', () => {
    const trades = { ...NO_TRADES, profits: Float64Array.of(1) }

    expect(() => computeMetrics(curve, { trades })).toThrow(/profits/)
  })
})

describe('trials', () => {
  const values = grown([0.01, -0.005, 0.02, 0.01, -0.015, 0.012, 0.004])
  const deflated = (trials: { count: number; sharpeVariance: number | null }) =>
    figuresOf(values, { trials }).deflatedSharpeRatio

  test('one trial is no selection', () => {
    expect(deflated({ count: 1, sharpeVariance: null })).toBe(figuresOf(values).probabilisticSharpeRatio)
  })

  test('whose spread is not known leave it undefined', () => {
    expect(deflated({ count: 2, sharpeVariance: null })).toBeNull()
    expect(figuresOf(values).deflatedSharpeRatio).toBeNull()
  })

  test('the more, the better the best of them without skill', () => {
    const best = [2, 3, 10, 100, 10_000].map((count) => expectedBest({ count, sharpeVariance: 1 }) as number)

    expect(best).toEqual([...best].sort((a, b) => a - b))
    expect(deflated({ count: 10, sharpeVariance: 1 })).toBeGreaterThan(
      deflated({ count: 100, sharpeVariance: 1 }) as number,
    )
  })
})

describe('for any curve', () => {
  test('every figure is finite or null, and lies where it must', () => {
    fc.assert(
      fc.property(anyCurve(), (curve) => {
        const { figures, monthlyReturns } = computeMetrics(curve, { trades: NO_TRADES })

        for (const figure of Object.values(figures)) expect(figure === null || Number.isFinite(figure)).toBe(true)
        expect(figures.maxDrawdown ?? 0).toBeLessThanOrEqual(0)
        expect(figures.maxDrawdown ?? 0).toBeGreaterThanOrEqual(-1)
        expect(figures.timeUnderWater ?? 0).toBeLessThanOrEqual(1)
        expect(figures.maxDrawdownDays ?? 0).toBeLessThanOrEqual(figures.longestDrawdownDays ?? 0)
        expect(figures.longestDrawdownDays ?? 0).toBeLessThanOrEqual(figures.historyDays)
        if (figures.bestDay !== null) expect(figures.bestDay).toBeGreaterThanOrEqual(figures.worstDay as number)
        if (figures.valueAtRisk95OnePeriod !== null) {
          const shortfall = figures.expectedShortfall95OnePeriod as number
          expect(shortfall).toBeGreaterThanOrEqual(figures.valueAtRisk95OnePeriod - 1e-9)
        }
        const compounded = monthlyReturns.reduce((product, month) => product * (1 + (month.return ?? 0)), 1) - 1
        if (figures.returnCount > 0)
          expect(Math.abs(compounded - (figures.totalReturn as number))).toBeLessThanOrEqual(1e-9 * (1 + compounded))
      }),
    )
  })

  test('the currency does not matter', () => {
    fc.assert(
      fc.property(anyCurve({ minLength: 2 }), fc.integer({ min: -20, max: 20 }), (curve, power) => {
        const scaled = { times: curve.times, values: curve.values.map((value) => value * 2 ** power) }

        expect(computeMetrics(scaled)).toEqual(computeMetrics(curve))
      }),
    )
  })

  test('the week does not matter, but to the months', () => {
    fc.assert(
      fc.property(anyCurve(), fc.integer({ min: -3000, max: 3000 }), (curve, weeks) => {
        const moved = { times: curve.times.map((time) => time + weeks * 7 * DAY), values: curve.values }

        expect(computeMetrics(moved).figures).toEqual(computeMetrics(curve).figures)
      }),
    )
  })

  test('the order of the returns matters to the drawdown alone', () => {
    const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 20, maxLength: 60 })
    fc.assert(
      fc.property(returns, (inOrder) => {
        const figures = figuresOf(grown(inOrder))
        const reversed = figuresOf(grown([...inOrder].reverse()))

        for (const name of ['totalReturn', 'volatility', 'valueAtRisk95OnePeriod', 'bestDay', 'worstDay'] as const) {
          expect(Math.abs((figures[name] as number) - (reversed[name] as number))).toBeLessThan(1e-9)
        }
      }),
    )
  })

  test('returns a and b in turn have the deviation and mean that are written down', () => {
    const step = fc.double({ min: 0.0001, max: 0.1, noNaN: true })
    fc.assert(
      fc.property(step, step, fc.integer({ min: 2, max: 40 }), (up, down, pairs) => {
        const returns = Array.from({ length: pairs * 2 }, (_, index) => (index % 2 ? -down : up))
        const { figures, basis } = computeMetrics(dailyCurve(grown(returns)))
        const deviation = ((up + down) / 2) * Math.sqrt((2 * pairs) / (2 * pairs - 1))

        expectClose(figures.volatility, deviation * Math.sqrt(basis.periodsPerYear), 'volatility', 1e-8)
        expect(figures.sharpeRatio).toBeCloseTo(((up - down) / 2 / deviation) * Math.sqrt(basis.periodsPerYear), 8)
        expect(figures.sortinoRatio).toBeCloseTo(
          ((up - down) / 2 / Math.sqrt(down ** 2 / 2)) * Math.sqrt(basis.periodsPerYear),
          6,
        )
        expect(figures.skewness).toBeCloseTo(0, 6)
      }),
    )
  })

  test('the order of the trades does not matter', () => {
    const row = fc.tuple(
      fc.integer({ min: -9, max: 40 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: -99, max: 99 }),
      fc.integer({ min: 1, max: 200 }),
    )
    const rows = fc.array(row, { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(rows, (drawn) => {
        const curve = dailyCurve(grown(new Array(30).fill(0.01)))
        const all = drawn.map(([from, days, quantity, price]) => {
          const entry = (curve.times[0] as number) + from * DAY
          return [entry, entry + days * DAY, quantity, price, price + 1, quantity] as const
        })
        const inOrder = computeMetrics(curve, { trades: tradesOf(all) }).figures
        const reversed = computeMetrics(curve, { trades: tradesOf([...all].reverse()) }).figures

        for (const [name, figure] of Object.entries(inOrder)) {
          expect(Math.abs((figure ?? 0) - (reversed[name as keyof Figures] ?? 0)), name).toBeLessThan(1e-9)
        }
        expect(Math.abs(inOrder.exposure as number)).toBeLessThanOrEqual((inOrder.leverage as number) + 1e-12)
        expect(inOrder.timeInMarket as number).toBeLessThanOrEqual(1)
      }),
    )
  })
})
