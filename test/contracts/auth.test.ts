import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  changePasswordRequest,
  claimedPassword,
  email,
  loginRequest,
  newPassword,
  personName,
  registerRequest,
} from '../../contracts/auth'

const label63 = 'a'.repeat(63)

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['  Ada@Example.COM ', 'ada@example.com'],
  ['\tada@example.com\n', 'ada@example.com'],
  ['a@b.co', 'a@b.co'],
  ['first.last+tag@sub.domain.example', 'first.last+tag@sub.domain.example'],
  ["o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"],
  ['1@2.example', '1@2.example'],
  ['İ@example.com', 'i\u0307@example.com'],
  ['ada@xn--mnchen-3ya.example', 'ada@xn--mnchen-3ya.example'],
  ['JÖRG@MÜNCHEN.example', 'jörg@münchen.example'],
  ['jo\u0308rg@example.com', 'j\u00f6rg@example.com'],
  ['用户@例子.广告', '用户@例子.广告'],
  ['χρήστης@παράδειγμα.ελ', 'χρήστης@παράδειγμα.ελ'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  [`a@${label63}.example`, `a@${label63}.example`],
])('the address %j is kept as %j', (typed, kept) => {
  expect(email.parse(typed)).toBe(kept)
  expect(email.parse(kept)).toBe(kept)
})

test.each([
  '',
  '   ',
  'ada',
  '@example.com',
  'ada@',
  'ada@localhost',
  'ada@@example.com',
  'ada@example.com@example.com',
  'ada@example..com',
  'ada@.example.com',
  'ada@example.com.',
  'ada@-example.com',
  'ada@example-.com',
  '.ada@example.com',
  'ada.@example.com',
  'a..da@example.com',
  'ada lovelace@example.com',
  'ada@exam ple.com',
  'ada@example,com',
  'ada@exa_mple.com',
  'Ada <ada@example.com>',
  '"ada"@example.com',
  'ada@[127.0.0.1]',
  'ada@example.com, bob@example.com',
  'ada@example.com;bob@example.com',
  'mailto:ada@example.com',
  'ada\0@example.com',
  'ada\u0001@example.com',
  'ada\u007f@example.com',
  'ada\u0085@example.com',
  'ada@example.com\nbcc:bob@example.com',
  'ada\u200b@example.com',
  'ada\u202e@example.com',
  'ada\u2024b@example.com',
  'ada\u00ad@example.com',
  'ada\u115f@example.com',
  'ada\ufe0f@example.com',
  'ａｄａ@example.com',
  'ada＠example.com',
  'ada@ｅxample.com',
  'ada@example。com',
  'ﬁnance@example.com',
  'ada²@example.com',
  'ada\ud800@example.com',
  `${'a'.repeat(65)}@example.com`,
  `${'İ'.repeat(33)}@example.com`,
  'ada@example.a\u0300',
  `a@${'a'.repeat(64)}.example`,
  `${'a'.repeat(64)}@${label63}.${label63}.${label63}.example`,
])('the address %j is refused', (typed) => {
  expect(email.safeParse(typed).success).toBe(false)
  expect(loginRequest.safeParse({ email: typed, password: 'whatever' }).success).toBe(false)
})

test('an address that passed is in one form: no case, no spaces, no longer than 254', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 })
  fc.assert(
    fc.property(part, part, part, (user, domain, end) => {
      const parsed = email.safeParse(`${user}@${domain}.${end}`)
      if (!parsed.success) return
      expect(parsed.data).toBe(parsed.data.toLowerCase().normalize('NFC').trim())
      expect(parsed.data.length).toBeLessThanOrEqual(254)
      expect(email.parse(parsed.data)).toBe(parsed.data)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  '8 chars!',
  ' '.repeat(8),
  'x'.repeat(1024),
  'κωδικός密码',
  '👩‍💻👩‍💻🎉🎉',
  'line\nbreak',
  '\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008',
])('%j may be a password, and stays as it is', (typed) => {
  expect(newPassword.parse(typed)).toBe(typed)
  expect(claimedPassword.parse(typed)).toBe(typed)
})

test.each(['', '7 chars', 'x'.repeat(1025), 'NUL \0 inside', 'half \ud800 a character', 'other \udc00 half of it'])(
  '%j may not be a password',
  (typed) => {
    expect(newPassword.safeParse(typed).success).toBe(false)
  },
)

test.each([
  ['Ada', 'Ada'],
  ['  Ada Lovelace\t', 'Ada Lovelace'],
  ['x', 'x'],
  ['x'.repeat(255), 'x'.repeat(255)],
  [` ${'x'.repeat(255)} `, 'x'.repeat(255)],
  ['اسم', 'اسم'],
  ['<b>Ada</b>', '<b>Ada</b>'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['ක්\u200dෂ', 'ක්\u200dෂ'],
  ['Ada 👩🏽\u200d🔬 ❤\ufe0f 👁\ufe0f\u200d🗨\ufe0f', 'Ada 👩🏽\u200d🔬 ❤\ufe0f 👁\ufe0f\u200d🗨\ufe0f'],
  ['葛\u{e0100}城', '葛\u{e0100}城'],
  ['\ufeffAda', 'Ada'],
])('the name %j is kept as %j', (typed, kept) => {
  expect(personName.parse(typed)).toBe(kept)
})

test.each(['', ' \t\u00a0\u3000', 'x'.repeat(256), 'Ada\nLovelace', 'Ada\0', 'Ada\u009b', 'Ada\ud83d'])(
  'the name %j is refused',
  (typed) => {
    expect(personName.safeParse(typed).success).toBe(false)
  },
)

test.each([
  'Ada\u200b',
  'A\u200bda',
  '\u200d',
  'Ada\u200d',
  'Ada \u200c Lovelace',
  '\u200dAda',
  'Ada\u202eecalevoL',
  'Ada\u2066',
  '\u200fAda',
  'A\u00adda',
  'A\u2060da',
  'A\ufeffda',
  'A\ufe0f\ufe0f',
  'Ada\u2028Lovelace',
  '\u3164',
  '\u115f\u1160',
  '\u2800',
  'Ada\u{e0041}',
  '\ufe0f',
])('the name %j is refused, because somebody could not see all of it', (typed) => {
  expect(personName.safeParse(typed).error?.issues.map(({ message }) => message)).toEqual([
    'A name cannot contain invisible characters.',
  ])
})

test('fields that nobody asked for are dropped, and none of ours can come from a prototype', () => {
  const ada = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' }

  expect(registerRequest.parse({ ...ada, is_admin: true, id: 'mine' })).toStrictEqual(ada)
  expect(
    registerRequest.parse(JSON.parse(`{"__proto__":{"is_admin":true},${JSON.stringify(ada).slice(1)}`)),
  ).toStrictEqual(ada)
  expect(registerRequest.safeParse(JSON.parse(`{"__proto__":${JSON.stringify(ada)}}`)).success).toBe(false)
})

test('no message says back what was typed', () => {
  const marked = fc
    .oneof(fc.string(), fc.integer(), fc.constant(null))
    .map((value) => (typeof value === 'string' ? `Marker${value}` : value))
  const shapes = fc.constantFrom(registerRequest, loginRequest, changePasswordRequest)
  const bodies = fc.record({
    email: marked,
    password: marked,
    name: marked,
    new_password: marked,
    current_password: marked,
  })

  fc.assert(
    fc.property(shapes, bodies, (shape, body) => {
      const { error } = shape.safeParse(body)
      for (const { message } of error?.issues ?? []) {
        expect(message).not.toContain('Marker')
        expect(message).toMatch(/^[A-Z][^\n]*\.$/)
      }
    }),
  )
})

test.each([null, 1, ['12345678'], { length: 9 }, { length: { toString: 'x' } }, { length: null, includes: 'x' }])(
  '%j is not text, which is its one fault',
  (value) => {
    for (const shape of [email, newPassword, claimedPassword, personName])
      expect(shape.safeParse(value).error?.issues.map(({ code }) => code)).toEqual(['invalid_type'])
  },
)
