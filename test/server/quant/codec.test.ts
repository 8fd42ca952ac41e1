import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCurve, encodeCurve } from '../../../server/quant/codec'
import { type Curve, firstAtOrAfter, joinCurves } from '../../../server/quant/curve'
import { anyCurve, DAY, dailyCurve } from '../../support/curves'

const bits = ({ times, values }: Curve) =>
  [times, values].map((column) => Buffer.from(column.slice().buffer).toString('hex'))
const expectRoundTrip = (curve: Curve) => {
  expect(bits(decodeCurve(encodeCurve(curve)))).toEqual(bits(curve))
}

const MINUTE = 60_000
/** A full mantissa, as a simulation gives it, and always the same. */
const wander = (index: number) => 100_000 * Math.exp(Math.sin(index / 977) / 3 + Math.sin(index * 1.37) / 3000)
const curveOf = (times: number[], value = wander): Curve => ({
  times: Float64Array.from(times),
  values: Float64Array.from(times, (_, index) => value(index)),
})
const timesBy = (step: (index: number) => number, count = 20_000) => {
  let time = Date.UTC(2015, 0, 5, 14, 30)
  return Array.from({ length: count }, (_, index) => (time += step(index)))
}

test('comes back bit by bit: any curve', () => {
  fc.assert(fc.property(anyCurve(), expectRoundTrip))
})

test('comes back bit by bit: any numbers at all', () => {
  const column = fc.array(fc.double({ noNaN: false }), { maxLength: 60 })
  fc.assert(
    fc.property(column, fc.boolean(), (numbers, isAscending) => {
      const times = Float64Array.from(numbers)
      if (isAscending) times.sort()
      expectRoundTrip({ times, values: Float64Array.from(numbers).reverse() })
    }),
  )
})

test('comes back bit by bit: whole times as far apart as can be, and values that hardly change', () => {
  const time = fc.maxSafeInteger()
  const value = fc.constantFrom(100, 100.01, 100.25, -0, 0, 5e-324, 1e308, Number.POSITIVE_INFINITY)
  fc.assert(
    fc.property(fc.uniqueArray(time, { maxLength: 40 }), fc.infiniteStream(value), (times, values) => {
      expectRoundTrip(
        curveOf(
          times.sort((a, b) => a - b),
          () => values.next().value as number,
        ),
      )
    }),
  )
})

test('decodes from the middle of a larger buffer', () => {
  const curve = curveOf(timesBy((index) => (index % 7) * 13 + 1, 100))
  const encoded = encodeCurve(curve)
  const larger = new Uint8Array(encoded.length + 8)
  larger.set(encoded, 3)

  expect(bits(decodeCurve(larger.subarray(3, 3 + encoded.length)))).toEqual(bits(curve))
})

test('encodes a part of larger columns', () => {
  const { times, values } = curveOf(timesBy((index) => 1 + ((index * 7919) % 9973), 100))
  const part = { times: times.subarray(5, 55), values: values.subarray(5, 55) }

  expectRoundTrip(part)
})

describe('takes at most nine bytes a point', () => {
  test.each([
    ['days', timesBy(() => DAY), 8.01],
    ['weekdays', timesBy((index) => (index % 5 ? DAY : 3 * DAY)), 9],
    ['minutes of sessions', timesBy((index) => (index % 390 ? MINUTE : 1051 * MINUTE)), 8.1],
    ['seconds, some missing', timesBy((index) => (index % 11 === 3 ? 3000 : 1000)), 9],
    ['ticks at any millisecond', timesBy((index) => 1 + ((index * 7919) % 9973)), 9],
    ['ticks over nights and weekends', timesBy((index) => (index % 5000 ? 1 + ((index * 7919) % 997) : 3 * DAY)), 9],
  ])('%s', (_, times, most) => {
    const curve = curveOf(times)

    expect(encodeCurve(curve).length / times.length).toBeLessThanOrEqual(most)
    expectRoundTrip(curve)
  })
})

test('a regular curve keeps its values readable in place: Float64, from byte 32', () => {
  const encoded = encodeCurve(dailyCurve([100, 101.5, 99]))

  expect([...new Float64Array(encoded.buffer, 32, 3)]).toEqual([100, 101.5, 99])
  expect(encoded.length).toBe(32 + 3 * 8)
})

test.each([
  ['regular', dailyCurve([1, 2, 3, 4])],
  ['steps', curveOf([0, 60_000, 240_000, 300_000, 360_000])],
  ['packed values', curveOf(timesBy((index) => 1 + ((index * 7919) % 9973), 40))],
  ['times of any kind', curveOf([0.5, 1.25, 7])],
])('refuses bytes cut off anywhere: %s', (_, curve) => {
  const encoded = encodeCurve(curve)

  for (let length = 0; length < encoded.length; length++) {
    expect(() => decodeCurve(encoded.subarray(0, length)), `${length} bytes`).toThrow(RangeError)
  }
  expect(() => decodeCurve(Uint8Array.of(...encoded, 0))).toThrow(RangeError)
})

test('refuses another version, and columns of unequal length', () => {
  const encoded = encodeCurve(dailyCurve([1, 2]))
  encoded[0] = 2

  expect(() => decodeCurve(encoded)).toThrow(RangeError)
  expect(() => encodeCurve({ times: new Float64Array(2), values: new Float64Array(1) })).toThrow(RangeError)
})

test('refuses or decodes any damaged bytes, and never hangs or fills the memory', () => {
  const encoded = encodeCurve(curveOf(timesBy((index) => 1 + ((index * 7919) % 9973), 40)))
  fc.assert(
    fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = encoded.slice()
      damaged[at] = byte
      try {
        decodeCurve(damaged)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})

test('chunks join to the curve that they were cut from', () => {
  fc.assert(
    fc.property(anyCurve(), fc.array(fc.nat(120), { maxLength: 5 }), (curve, cuts) => {
      const edges = [
        0,
        ...cuts.map((cut) => Math.min(cut, curve.times.length)).sort((a, b) => a - b),
        curve.times.length,
      ]
      const parts = edges.slice(1).map((end, index) => {
        const chunk = { times: curve.times.slice(edges[index], end), values: curve.values.slice(edges[index], end) }
        return decodeCurve(encodeCurve(chunk))
      })

      expect(bits(joinCurves(parts))).toEqual(bits(curve))
    }),
  )
})

test('an instant is found wherever the search starts', () => {
  fc.assert(
    fc.property(anyCurve(), fc.integer({ min: -5, max: 10 * DAY }), fc.nat(130), (curve, offset, near) => {
      const time = (curve.times[0] ?? 0) + offset
      const expected = curve.times.findIndex((each) => each >= time)

      expect(firstAtOrAfter(curve.times, time, near)).toBe(expected < 0 ? curve.times.length : expected)
    }),
  )
})
