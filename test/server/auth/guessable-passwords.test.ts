import { dictionary } from '@zxcvbn-ts/language-common'
import { describe, expect, test } from 'vitest'
import { refuseGuessable } from '../../../server/auth/guessable-passwords'
import { openBeside } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const ADA = { email: 'ada.lovelace@engine.example', name: 'Ada Lovelace' }
const MOST_COMMON = 3_000

const GUESSABLE: [string, string[]][] = [
  ['common', ['password', '12345678', 'iloveyou', 'trustno1', 'qwertyuiop', 'baseball', 'passw0rd', 'password123']],
  ['common in other letters', ['PASSWORD', 'Password123', 'ｐａｓｓｗｏｒｄ', '𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝', '１２３４５６７８']],
  ['a repetition', ['aaaaaaaa', '00000000', 'abababab', '12341234', 'qwertyqwerty', 'hahahaha', '🙂🙂🙂🙂🙂🙂🙂🙂']],
  ['a row of keys', ['abcdefgh', 'hgfedcba', '87654321', '90123456', 'asdfghjkl', 'poiuytrewq', 'QWERTZUIOP']],
  ['a date', ['01021990', '19900201', '31.12.1999', '2001-09-11', '04 07 1976']],
  ['the name', ['Ada Lovelace', 'adalovelace', 'lovelace1815', 'LOVELACE!', 'Lovelace, Ada']],
  ['the e-mail address', ['ada.lovelace@engine.example', 'ada.lovelace', 'engine.example', 'ada_engine_2026']],
  ['the product', ['aurelius', 'Aurelius2026!', 'aurelius-ada', 'Ａｕｒｅｌｉｕｓ']],
]

const KEPT = [
  'securepassword123',
  'securepass123',
  'a long enough password',
  'correct horse battery staple',
  'another good password',
  'Lovelace wrote the first program',
  'adavaldosta',
  'aurelius and a goat',
  'zq7-pl0v',
  '83920175',
  'пароль и ещё слово',
  '🙂🙃😉😊🙂😇🥰😍',
  'x'.repeat(1024),
]

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a guessable password makes no account, in one sentence and without a hash', async () => {
    const server = await startTestServer({ dialect })

    for (const password of ['Password123', 'lovelace1815']) {
      const reply = await server.client.post('/api/auth/register', { ...ADA, password })
      expect(reply).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
      expect(reply.body.errors).toEqual([{ field: 'password', message: reply.body.detail, code: 'custom' }])
      expect(reply.body.detail).toMatch(/^[A-Z][^\n]*\.$/)
      expect(JSON.stringify(reply.body)).not.toContain(password)
    }

    expect((await (await openBeside(server)).users.listAll()).total).toBe(0)
    expect((await server.client.post('/api/auth/register', { ...ADA, password: 'securepass123' })).status).toBe(200)
  })

  test('a password is not changed into a guessable one', async () => {
    const { client } = await startTestServer({ dialect })
    const account = { ...ADA, password: 'a long enough password' }
    const ada = await client.register(account)

    for (const next of ['iloveyou', 'Ada.Lovelace'])
      expect(
        await ada.post('/api/auth/change-password', { current_password: account.password, new_password: next }),
      ).toMatchObject({ status: 422, body: { errors: [{ field: 'new_password' }] } })

    expect((await client.post('/api/auth/login', account)).status).toBe(200)
  })

  test('who has such a password already still signs in with it', async () => {
    const server = await startTestServer({ dialect })
    const account = { ...ADA, password: 'password123' }
    await (await openBeside(server)).users.create(account)

    const ada = await server.client.login(account)

    const change = { current_password: account.password, new_password: 'another good password' }
    expect((await ada.post('/api/auth/change-password', change)).status).toBe(200)
  })
})

test.each(GUESSABLE)('%s is refused', async (_what, passwords) => {
  for (const password of passwords)
    await expect(refuseGuessable('password', password, ADA), password).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'password', message: expect.stringMatching(/^[A-Z][^\n]*\.$/) }],
    })
})

test.each(KEPT)('"%s" is kept', async (password) => {
  await expect(refuseGuessable('password', password, ADA)).resolves.toBeUndefined()
})

test('an e-mail address made of digits is no password either', async () => {
  const owner = { email: '73920184@mail.example', name: '7' }

  await expect(refuseGuessable('password', '73920184', owner)).rejects.toMatchObject({ code: 'validation_failed' })
  await expect(refuseGuessable('password', '73920185', owner)).resolves.toBeUndefined()
})

test('the list is long enough to count', async () => {
  const longEnough = dictionary['passwords-common'].filter((password) => password.length >= 8)

  expect(longEnough.length).toBeGreaterThan(MOST_COMMON)
  for (const password of longEnough.slice(0, MOST_COMMON))
    await expect(refuseGuessable('password', password, ADA), password).rejects.toThrow()
})

test('a password of 1,023 characters is looked at too', async () => {
  const long = `${'ab'.repeat(511)}x`

  await expect(refuseGuessable('password', long, ADA)).resolves.toBeUndefined()
})
