import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { TradeBatch } from '../../../server/ledger/intake/trades'
import { resultHash } from '../../../server/ledger/runs/result-hash'

const column = (...numbers: number[]) => Float64Array.from(numbers)
const curve = (times: number[], values: number[]) => ({ times: column(...times), values: column(...values) })
const NUMBERS = [
  ...(['entryTimes', 'exitTimes', 'quantities', 'entryPrices', 'exitPrices', 'profits', 'commissions'] as const),
]

/** One trade for each instrument, with numbers of its own. */
const trades = (...instruments: string[]): TradeBatch => ({
  instruments,
  ...(Object.fromEntries(
    NUMBERS.map((name, at) => [name, column(...instruments.map((_, index) => 10 * index + at + 1))]),
  ) as Record<(typeof NUMBERS)[number], Float64Array>),
})

test('results that are not the same have no bytes in common that could be cut in two ways', () => {
  // One point and a trade of ABCD, as bytes one behind the other, are the bytes of five points.
  const numbers = [1, 100, Buffer.from('["ABCD"]').readDoubleLE(), 1, 2, 3, 4, 5, 6, 7]
  const results = [
    resultHash(curve([1], [100]), trades('ABCD')),
    resultHash(curve(numbers.slice(0, 5), numbers.slice(5)), null),
    resultHash(curve([1], [100]), null),
    resultHash(curve([1], [100]), trades()),
    resultHash(curve([1, 2], [3, 4]), null),
    resultHash(curve([1, 2, 3], [4]), null),
    resultHash(curve([1], [100]), trades('A', 'B', 'A')),
    resultHash(curve([1], [100]), trades('A', 'B', 'B')),
    resultHash(curve([1], [100]), trades('A","B', 'A', 'B')),
  ]

  expect(new Set(results).size).toBe(results.length)
})

test('the hash is that of the bytes it is documented as, so that others can compute it', () => {
  const floats = (...values: number[]) => Buffer.from(column(...values).buffer)
  const bytes = Buffer.concat([
    Buffer.from('aurelius-result-2 2 3\n'),
    floats(1, 2, 100, 101),
    Buffer.from('9\n["A","B"]'),
    Buffer.from(Uint32Array.of(0, 1, 0).buffer),
    ...NUMBERS.map((_, at) => floats(at + 1, at + 11, at + 21)),
  ])

  expect(resultHash(curve([1, 2], [100, 101]), trades('A', 'B', 'A'))).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  )
})
