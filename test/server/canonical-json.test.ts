import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../server/canonical-json'

// RFC 8785 section 3.2.2 and 3.2.3.
test('the examples of the standard come out as they stand there', () => {
  const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001]
  const string = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/'
  expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const sorted = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  const names = [...canonicalJson(sorted).matchAll(/:"([^":]*)/g)].map(([, value]) => value)
  expect(names).toEqual([
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test('equal data give equal text whatever the order of their members, and the text says the data', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value)
      const read: unknown = JSON.parse(text)
      expect(canonicalJson(reversed(read))).toBe(text)
      expect(read).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test.each([
  ['a number that is none', { a: Number.NaN }],
  ['an endless number', [Number.POSITIVE_INFINITY]],
  ['nothing', { a: undefined }],
  ['a hole', new Array(1)],
  ['a bigint', 1n],
  ['a function', () => 1],
  ['a date', new Date()],
  ['half of a character', 'a\ud83d'],
  ['half of a character in a name', { '\ude00': 1 }],
])('%s is refused', (_what, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError)
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}
