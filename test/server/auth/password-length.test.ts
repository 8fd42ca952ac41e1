import { expect, test } from 'vitest'
import { startTestServer } from '../../support/start-test-server'

const FOURTEEN = 'fourteen chars'
const FIFTEEN = 'fifteen letters'
const FOURTEEN_FACES = '😀😃😄😁😆😅😂🙂🙃😉😊😇🥰😍' // twice as many in a computer's count
const STRICT = { passwordMinLength: 15 }

test('a strict server wants fifteen characters of every new password, and says so to pages', async () => {
  const server = await startTestServer({ config: STRICT })
  const { client } = server
  const person = { email: 'ada@example.com', name: 'Ada' }
  const tooShort = (field: string) => ({
    status: 422,
    body: { errors: [{ field, message: 'A password has at least 15 characters.', code: 'too_small' }] },
  })

  expect((await client.get('/api/auth/settings')).body.password_min_length).toBe(15)
  expect(await client.post('/api/auth/register', { ...person, password: FOURTEEN })).toMatchObject(tooShort('password'))
  expect(await client.post('/api/auth/register', { ...person, password: FOURTEEN_FACES })).toMatchObject(
    tooShort('password'),
  )
  const ada = await client.register({ ...person, password: FIFTEEN })
  const change = (to: string) => ada.post('/api/auth/change-password', { current_password: FIFTEEN, new_password: to })
  expect(await change(FOURTEEN)).toMatchObject(tooShort('new_password'))
  expect((await change('sixteen letters!')).status).toBe(200)
})

test('a password that was long enough once still signs in, and can be changed', async () => {
  const lax = await startTestServer()
  const ada = await lax.client.register({ email: 'ada@example.com', name: 'Ada', password: FOURTEEN })
  const strict = await lax.startSibling(STRICT)

  expect((await strict.client.post('/api/auth/login', ada.account)).status).toBe(200)
  const change = { current_password: FOURTEEN, new_password: FIFTEEN }
  expect((await ada.at(strict.origin).post('/api/auth/change-password', change)).status).toBe(200)
})
