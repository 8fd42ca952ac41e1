import fc from 'fast-check'
import { expect, test } from 'vitest'
import { curveFingerprint, fingerprint } from '../../../server/ledger/fingerprint'
import { differences, toMetrics } from '../../../server/ledger/metric-figures'
import { decodeCurve, encodeCurve } from '../../../server/quant/codec'
import { computeMetrics } from '../../../server/quant/metrics'
import { anyCurve, dailyCurve, grown } from '../../support/curves'

test('a fingerprint is the SHA-256 of canonical JSON, whatever the order of the members', () => {
  expect(fingerprint({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  expect(fingerprint({ seed: 42, code: 'a1' })).toBe(fingerprint({ code: 'a1', seed: 42.0 }))
  expect(fingerprint({ seed: 42 })).not.toBe(fingerprint({ seed: '42' }))
  expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
})

test('a curve keeps its fingerprint through storage, and no other curve has it', () => {
  fc.assert(
    fc.property(anyCurve({ minLength: 1 }), fc.nat(), (curve, seed) => {
      const stored = decodeCurve(encodeCurve(curve))
      const changed = { times: curve.times, values: curve.values.slice() }
      const at = seed % curve.values.length
      changed.values[at] = (curve.values[at] as number) * (1 + 2 ** -52)

      expect(curveFingerprint(stored)).toBe(curveFingerprint(curve))
      expect(curveFingerprint(changed)).not.toBe(curveFingerprint(curve))
      expect(curveFingerprint({ times: curve.values, values: curve.times })).not.toBe(curveFingerprint(curve))
    }),
  )
})

test('a point cannot move from the values to the times unseen', () => {
  const one = { times: Float64Array.of(1, 2), values: Float64Array.of(3) }
  const other = { times: Float64Array.of(1), values: Float64Array.of(2, 3) }

  expect(curveFingerprint(one)).not.toBe(curveFingerprint(other))
})

test('of the figures that a script sent, those that are not ours are named', () => {
  const { figures } = toMetrics(computeMetrics(dailyCurve(grown([0.1, -0.05, 0.02]))))
  const theirs = {
    total_return: Number(figures.total_return?.toFixed(3)),
    max_drawdown: -0.06,
    win_rate: 0.5,
    sharpe_ratio: figures.sharpe_ratio as number,
  }

  expect(differences(figures, theirs)).toEqual([
    { metric: 'max_drawdown', ours: figures.max_drawdown, theirs: -0.06 },
    { metric: 'win_rate', ours: null, theirs: 0.5 },
  ])
  expect(differences(figures, {})).toEqual([])
})
