import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeValidation, summariseWindows } from '../../../server/quant/validation'
import { degradation, planWindows, type WindowPlan, walkForward } from '../../../server/quant/walk-forward'
import { expectClose } from '../../support/close'
import { DAY, dailyCurve, grown } from '../../support/curves'
import cases from './reference/metrics.json'

const PLAN: WindowPlan = { kind: 'rolling', inSampleDays: 10, outOfSampleDays: 5, embargoDays: 2 }
const plan = fc.record({
  kind: fc.constantFrom<WindowPlan['kind']>('rolling', 'anchored'),
  inSampleDays: fc.integer({ min: 1, max: 30 }),
  outOfSampleDays: fc.integer({ min: 1, max: 20 }),
  embargoDays: fc.nat(5),
  stepDays: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
})
const sharpes = (inSampleSharpe: number | null, outOfSampleSharpe: number | null) => ({
  inSampleSharpe,
  outOfSampleSharpe,
})

describe('windows', () => {
  test('rolling: both spans move', () => {
    expect(planWindows({ firstDay: 100, lastDay: 126 }, PLAN)).toEqual([
      { inSample: { firstDay: 100, lastDay: 109 }, outOfSample: { firstDay: 112, lastDay: 116 } },
      { inSample: { firstDay: 105, lastDay: 114 }, outOfSample: { firstDay: 117, lastDay: 121 } },
      { inSample: { firstDay: 110, lastDay: 119 }, outOfSample: { firstDay: 122, lastDay: 126 } },
    ])
  })

  test('anchored: the in-sample span grows', () => {
    expect(planWindows({ firstDay: 100, lastDay: 125 }, { ...PLAN, kind: 'anchored', stepDays: 8 })).toEqual([
      { inSample: { firstDay: 100, lastDay: 109 }, outOfSample: { firstDay: 112, lastDay: 116 } },
      { inSample: { firstDay: 100, lastDay: 117 }, outOfSample: { firstDay: 120, lastDay: 124 } },
    ])
  })

  test('of any plan lie within the days, keep the embargo, and leave no room for one more', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: -500, max: 20_000 }), fc.nat(200), (drawn, firstDay, length) => {
        const lastDay = firstDay + length
        const step = drawn.stepDays ?? drawn.outOfSampleDays
        const windows = planWindows({ firstDay, lastDay }, drawn)

        windows.forEach(({ inSample, outOfSample }, index) => {
          expect(outOfSample.firstDay - inSample.lastDay - 1).toBe(drawn.embargoDays)
          expect(outOfSample.lastDay - outOfSample.firstDay + 1).toBe(drawn.outOfSampleDays)
          const grown = drawn.kind === 'anchored' ? index * step : 0
          expect(inSample.lastDay - inSample.firstDay + 1).toBe(drawn.inSampleDays + grown)
          expect(inSample.firstDay).toBe(drawn.kind === 'anchored' ? firstDay : firstDay + index * step)
          expect(outOfSample.lastDay).toBeLessThanOrEqual(lastDay)
        })
        const needed = drawn.inSampleDays + drawn.embargoDays + drawn.outOfSampleDays + windows.length * step
        expect(needed).toBeGreaterThan(length + 1)
      }),
    )
  })

  test.each([
    [{ inSampleDays: 0 }],
    [{ inSampleDays: 1.5 }],
    [{ outOfSampleDays: 0 }],
    [{ stepDays: 0 }],
    [{ stepDays: -1 }],
    [{ embargoDays: -1 }],
    [{ embargoDays: Number.NaN }],
  ])('of %j are refused', (wrong) => {
    expect(() => planWindows({ firstDay: 0, lastDay: 100 }, { ...PLAN, ...wrong })).toThrow(RangeError)
  })

  test('are at most five hundred', () => {
    const daily = { ...PLAN, inSampleDays: 1, outOfSampleDays: 1, embargoDays: 0 }

    expect(planWindows({ firstDay: 1, lastDay: 501 }, daily)).toHaveLength(500)
    expect(() => planWindows({ firstDay: 1, lastDay: 502 }, daily)).toThrow(/more than 500/)
  })
})

describe('a curve that is cut', () => {
  test.each(cases)('gives the Sharpe ratios that numpy gives: $name', (reference) => {
    const { windows, ...lengths } = reference.walkForward
    const curve = { times: Float64Array.from(reference.times), values: Float64Array.from(reference.values) }
    const { riskFreeRate, dayStartMinutes } = reference.options

    const cut = walkForward(curve, { kind: 'anchored', ...lengths }, { riskFreeRate, dayStartMinutes })

    expect(cut).toHaveLength(windows.length)
    cut.forEach((window, index) => {
      const [days, inSample, outOfSample] = windows[index] as [number, number, number]
      expect(window.inSample.lastDay - window.inSample.firstDay).toBe(days)
      expectClose(window.inSampleFigures.sharpeRatio, inSample, `in sample ${index}`)
      expectClose(window.outOfSampleFigures.sharpeRatio, outOfSample, `out of sample ${index}`)
      expectClose(window.degradation, inSample > 0 ? 1 - outOfSample / inSample : null, `degradation ${index}`)
    })
  })

  const returns = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 40, maxLength: 60 })

  test('never lets a span see a day outside it', () => {
    fc.assert(
      fc.property(
        returns,
        plan,
        fc.nat(59),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (drawn, drawnPlan, day, factor) => {
          const curve = dailyCurve(grown(drawn))
          const changed = { times: curve.times, values: curve.values.slice() }
          const index = day % curve.values.length
          changed.values[index] = (curve.values[index] as number) * factor
          const dayNumber = (curve.times[index] as number) / DAY
          const before = walkForward(curve, drawnPlan, { periodsPerYear: 252 })
          const after = walkForward(changed, drawnPlan, { periodsPerYear: 252 })

          before.forEach((window, at) => {
            const isSeenBy = ({ firstDay, lastDay }: { firstDay: number; lastDay: number }) =>
              dayNumber >= firstDay - 1 && dayNumber <= lastDay
            if (!isSeenBy(window.inSample)) expect(after[at]?.inSampleFigures).toEqual(window.inSampleFigures)
            if (!isSeenBy(window.outOfSample)) expect(after[at]?.outOfSampleFigures).toEqual(window.outOfSampleFigures)
          })
        },
      ),
    )
  })

  test('into spans that follow each other compounds to what the curve did', () => {
    fc.assert(
      fc.property(returns, (drawn) => {
        const curve = dailyCurve(grown(drawn))
        const windows = walkForward(curve, { ...PLAN, inSampleDays: 4, outOfSampleDays: 3, embargoDays: 0 })
        const product = windows.reduce(
          (sum, window) => sum * (1 + (window.outOfSampleFigures.totalReturn as number)),
          1,
        )
        const end = 3 + windows.length * 3

        expect(product).toBeCloseTo((curve.values[end] as number) / (curve.values[3] as number), 9)
      }),
    )
  })

  test('with nothing in it has no windows, and a span without values no figures', () => {
    expect(walkForward({ times: new Float64Array(), values: new Float64Array() }, PLAN)).toEqual([])
    const gap = { times: Float64Array.of(0, DAY, 40 * DAY), values: Float64Array.of(1, 2, 3) }
    const [window] = walkForward(gap, { ...PLAN, inSampleDays: 2, outOfSampleDays: 5, stepDays: 100 })

    expect(window?.outOfSampleFigures).toMatchObject({ returnCount: 0, sharpeRatio: null, totalReturn: null })
    expect(window?.degradation).toBeNull()
  })
})

test.each([
  [2, 1, 0.5],
  [2, 2, 0],
  [2, 3, -0.5],
  [2, -1, 1.5],
  [0, 1, null],
  [-1, 1, null],
  [null, 1, null],
  [1, null, null],
])('in-sample %d and out-of-sample %d are a degradation of %d', (inSample, outOfSample, expected) => {
  expect(degradation(inSample, outOfSample)).toBe(expected)
})

describe('a validation', () => {
  test('is summed up', () => {
    expect(summariseWindows([sharpes(2, 1), sharpes(1, -1), sharpes(3, 3)])).toEqual({
      ...{ windowCount: 3, inSampleSharpe: 2, outOfSampleSharpe: 1, degradation: 0.5, stability: 2 / 3 },
    })
  })

  test('with an undefined figure has no mean, and nobody knows how many were good', () => {
    expect(summariseWindows([sharpes(2, null), sharpes(1, 1)])).toEqual({
      ...{ windowCount: 2, inSampleSharpe: 1.5, outOfSampleSharpe: null, degradation: null, stability: null },
    })
  })

  test('without windows says nothing', () => {
    expect(summariseWindows([])).toEqual({
      ...{ windowCount: 0, inSampleSharpe: null, outOfSampleSharpe: null, degradation: null, stability: null },
    })
  })

  const good = summariseWindows([sharpes(2, 1), sharpes(2, 1)])
  test.each([
    ['all hold', good, { minWindows: 2, minOutOfSampleSharpe: 1, maxDegradation: 0.5, minStability: 1 }, 'passed', 4],
    ['too few windows', good, { minWindows: 3 }, 'failed', 1],
    ['nothing asked for', good, { minWindows: 1 }, 'inconclusive', 1],
    ['a low Sharpe ratio', good, { minWindows: 1, minOutOfSampleSharpe: 1.01 }, 'failed', 2],
    ['too much degradation', good, { minWindows: 1, maxDegradation: 0.49 }, 'failed', 2],
    [
      'too little stability',
      summariseWindows([sharpes(1, 1), sharpes(1, 0)]),
      { minWindows: 1, minStability: 0.51 },
      'failed',
      2,
    ],
    [
      'nothing to judge',
      summariseWindows([sharpes(1, null)]),
      { minWindows: 1, minOutOfSampleSharpe: 0 },
      'inconclusive',
      2,
    ],
    [
      'a window without figures',
      summariseWindows([sharpes(1, 1), sharpes(1, null)]),
      { minWindows: 2, minStability: 0.5 },
      'inconclusive',
      2,
    ],
    [
      'a window without figures in the sample',
      summariseWindows([sharpes(1, 1), sharpes(null, 1)]),
      { minWindows: 2, minOutOfSampleSharpe: 0, minStability: 0 },
      'inconclusive',
      3,
    ],
  ] as const)('is judged: %s', (_, summary, rule, verdict, checks) => {
    const judged = judgeValidation(summary, rule)

    expect(judged.verdict).toBe(verdict)
    expect(judged.checks).toHaveLength(checks)
  })
})
