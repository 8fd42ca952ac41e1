import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Curve } from '../../../server/quant/curve'
import { preview, zoom } from '../../../server/quant/preview'
import { anyCurve, DAY, dailyCurve } from '../../support/curves'

const points = ({ times, values }: Curve) => [...times].map((time, index) => [time, values[index]] as [number, number])
const limit = fc.integer({ min: 4, max: 60 })

test('keeps points of the curve in their order, no more than asked for, with both ends and both extremes', () => {
  fc.assert(
    fc.property(anyCurve({ minLength: 1 }), limit, (curve, most) => {
      const kept = preview(curve, most)
      const all = new Map(points(curve))

      expect(kept.times.length).toBe(kept.values.length)
      expect(kept.times.length).toBeLessThanOrEqual(Math.max(most, 1))
      expect(points(kept).every(([time, value]) => all.get(time) === value)).toBe(true)
      expect([...kept.times]).toEqual([...new Set(kept.times)].sort((a, b) => a - b))
      expect([kept.times[0], kept.times.at(-1)]).toEqual([curve.times[0], curve.times.at(-1)])
      expect(Math.max(...kept.values)).toBe(Math.max(...curve.values))
      expect(Math.min(...kept.values)).toBe(Math.min(...curve.values))
    }),
  )
})

test('keeps the extremes of every stretch of time, so that no column of pixels is drawn shorter', () => {
  fc.assert(
    fc.property(anyCurve({ minLength: 61 }), limit, (curve, most) => {
      const kept = points(preview(curve, most))
      const stretches = Math.floor(most / 4)
      const start = curve.times[0] as number
      const width = ((curve.times.at(-1) as number) - start) / stretches
      const stretchOf = ([time]: [number, number]) => {
        let stretch = 1
        while (stretch < stretches && time >= start + stretch * width) stretch++
        return stretch
      }
      const extremes = (some: [number, number][]) => {
        const spans = new Map<number, [number, number]>()
        for (const point of some) {
          const [low, high] = spans.get(stretchOf(point)) ?? [point[1], point[1]]
          spans.set(stretchOf(point), [Math.min(low, point[1]), Math.max(high, point[1])])
        }
        return spans
      }

      expect(extremes(kept)).toEqual(extremes(points(curve)))
    }),
  )
})

test('a curve that fits is kept whole', () => {
  const curve = dailyCurve([3, 1, 2, 5])

  expect(preview(curve, 4)).toEqual(curve)
  expect(preview({ times: new Float64Array(), values: new Float64Array() }, 4).times).toHaveLength(0)
})

test('a million points, one of them a crash for a minute: it shows', () => {
  const values = new Float64Array(1_000_000).fill(100)
  values[654_321] = 12
  const curve = { times: values.map((_, index) => index * 60_000), values }

  const kept = preview(curve, 2000)

  expect(kept.times.length).toBeLessThanOrEqual(2000)
  expect(points(kept)).toContainEqual([654_321 * 60_000, 12])
})

test.each([3, 0, -1, 4.5, Number.NaN])('a preview of %d points is refused', (most) => {
  expect(() => preview(dailyCurve([1, 2]), most)).toThrow(RangeError)
})

test('a window holds what lies in it, and one neighbour on each side', () => {
  fc.assert(
    fc.property(anyCurve(), fc.integer({ min: -DAY, max: 90 * DAY }), fc.nat(40 * DAY), (curve, offset, length) => {
      const from = (curve.times[0] ?? 0) + offset
      const to = from + length
      const all = points(curve)
      const inside = all.filter(([time]) => time >= from && time <= to)
      const before = all.filter(([time]) => time < from).slice(-1)
      const after = all.filter(([time]) => time > to).slice(0, 1)

      expect(points(zoom(curve, from, to, 1000))).toEqual([...before, ...inside, ...after])
      expect(zoom(curve, from, to, 6).times.length).toBeLessThanOrEqual(6)
    }),
  )
})

test('a window keeps its extremes when it is thinned out', () => {
  const curve = dailyCurve(Array.from({ length: 500 }, (_, index) => (index === 250 ? 900 : index === 300 ? 1 : 100)))
  const [start] = curve.times as unknown as [number]

  const kept = zoom(curve, start + 200 * DAY, start + 400 * DAY, 20)

  expect(points(kept)).toContainEqual([start + 250 * DAY, 900])
  expect(points(kept)).toContainEqual([start + 300 * DAY, 1])
})

test('a window may be asked for in as many points as there are', () => {
  const times = Float64Array.from({ length: 300_000 }, (_, index) => index * 60_000)

  expect(zoom({ times, values: times }, 0, times.at(-1) as number, 1_000_000).times).toEqual(times)
})

test('a window that ends before it starts is refused', () => {
  expect(() => zoom(dailyCurve([1, 2]), 5, 4, 10)).toThrow(RangeError)
})
