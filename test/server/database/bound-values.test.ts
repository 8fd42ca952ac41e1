import { expect, test } from 'vitest'
import { bind } from '../../../server/db/sqlite-reads'

test('names in a statement become places, and what is bound there is as it is stored', () => {
  const at = new Date(Date.UTC(2024, 1, 29, 12, 0, 0, 7))

  expect(
    bind('SELECT 1 WHERE a = :a AND b IN (:list) AND c < :at AND d = :a AND e = :yes', {
      ...{ a: 'x', list: [1, 2], at, yes: true, unused: {} },
    }),
  ).toEqual([
    'SELECT 1 WHERE a = ?1 AND b IN (?2, ?3) AND c < ?4 AND d = ?1 AND e = ?5',
    [...['x', 1, 2, '2024-02-29 12:00:00.007 +00:00', 1]],
  ])
  expect(bind('a IN (:none) OR b = :nothing', { none: [], nothing: null })).toEqual(['a IN (NULL) OR b = ?1', [null]])
  expect(() => bind('a = :a', {})).toThrow(/:a/)
  expect(() => bind('a = :a', { a: { toString: () => 'x' } })).toThrow(TypeError)
})
