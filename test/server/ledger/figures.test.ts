import { expect, test } from 'vitest'
import { fingerprint } from '../../../server/ledger/fingerprint'
import { toMetrics } from '../../../server/ledger/metric-figures'
import { findDifferences } from '../../../server/ledger/runs/differences'
import { computeMetrics } from '../../../server/quant/metrics'
import { dailyCurve, grown } from '../../support/curves'

test('a fingerprint is the SHA-256 of canonical JSON, whatever the order of the members', () => {
  expect(fingerprint({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  expect(fingerprint({ seed: 42, code: 'a1' })).toBe(fingerprint({ code: 'a1', seed: 42.0 }))
  expect(fingerprint({ seed: 42 })).not.toBe(fingerprint({ seed: '42' }))
  expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
})

test('of the figures that a script sent, those that are not ours are named', () => {
  const { figures } = toMetrics(computeMetrics(dailyCurve(grown([0.1, -0.05, 0.02]))))
  const theirs = {
    total_return: Number(figures.total_return?.toFixed(3)),
    max_drawdown: -0.06,
    win_rate: 0.5,
    sharpe_ratio: figures.sharpe_ratio as number,
  }

  expect(findDifferences(figures, theirs)).toEqual([
    { metric: 'max_drawdown', ours: figures.max_drawdown, theirs: -0.06 },
    { metric: 'win_rate', ours: null, theirs: 0.5 },
  ])
  expect(findDifferences(figures, {})).toEqual([])
})
