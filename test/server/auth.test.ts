import { describe, expect, test } from 'vitest'
import { DIALECTS, startTestServer } from '../support/start-test-server'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('register, sign in, verify and sign out', async () => {
    const { client } = await startTestServer({ dialect })
    const ada = await client.register({ email: 'Ada@Example.com', password: 'a long enough password', name: 'Ada' })
    expect((await ada.get('/api/auth/verify')).body.user.email).toBe('ada@example.com')
    expect((await ada.post('/api/auth/logout')).status).toBe(200)
    expect((await ada.get('/api/auth/verify')).status).toBe(401)
  })
})
