import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status

describe.each(DIALECTS)('on %s', (dialect) => {
  test('signing out answers a sentence and kills that token, and no other', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()
    const elsewhere = await client.login(ada.account)

    const { status, body } = await ada.post('/api/auth/logout')

    expect({ status, body }).toStrictEqual({ status: 200, body: { message: 'You are signed out.' } })
    const after = await ada.get('/api/auth/verify')
    expect(after).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    expect(after.headers.get('www-authenticate')).toMatch(/^Bearer realm="Aurelius", error="invalid_token"/)
    expect((await ada.post('/api/auth/logout')).status).toBe(401)
    expect(await statusOf(elsewhere)).toBe(200)
  })

  test('the other nodes hear of a sign-out', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const ada = await server.signUp()
    expect(await statusOf(ada.at(sibling.origin))).toBe(200)

    await ada.post('/api/auth/logout')

    await expect.poll(() => statusOf(ada.at(sibling.origin))).toBe(401)
  })

  test('a sign-out survives a restart', async () => {
    const server = await startTestServer({ dialect })
    const [ada, bob] = [await server.signUp('Ada'), await server.signUp('Bob')]
    await ada.post('/api/auth/logout')
    await server.close()

    const restarted = await server.startSibling()

    expect(await statusOf(ada.at(restarted.origin))).toBe(401)
    expect(await statusOf(bob.at(restarted.origin))).toBe(200)
  })

  test('a new password ends every session but the one that set it', async () => {
    const { client, signUp } = await startTestServer({ dialect })
    const ada = await signUp()
    const others = [await client.login(ada.account), await client.login(ada.account)]
    const bob = await signUp('Bob')

    const { status, body } = await ada.post('/api/auth/change-password', {
      current_password: ada.account.password,
      new_password: 'another good password',
    })

    expect({ status, body }).toStrictEqual({
      status: 200,
      body: { message: 'Your password is changed. Other sessions are signed out.' },
    })
    expect(await Promise.all(others.map(statusOf))).toEqual([401, 401])
    expect(await Promise.all([ada, bob].map(statusOf))).toEqual([200, 200])
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(401)
    const renewed = { ...ada.account, password: 'another good password' }
    expect((await client.post('/api/auth/login', renewed)).status).toBe(200)
  })

  test('a deactivated user is out on every node, and stays out when activated again', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const { id } = (await ada.get('/api/auth/verify')).body.user
    const { users } = await openBeside(server)

    await users.update(id, { isActive: false })

    await expect.poll(() => statusOf(ada)).toBe(401)
    expect((await ada.post('/api/auth/logout')).status).toBe(401)
    await users.update(id, { isActive: true })
    expect(await statusOf(await server.client.login(ada.account))).toBe(200)
    expect(await statusOf(ada)).toBe(401)
  })

  test('a deleted user is out on every node, and after a restart', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const { id } = (await ada.get('/api/auth/verify')).body.user
    const { users } = await openBeside(server)

    await users.delete(id)

    await expect.poll(() => statusOf(ada)).toBe(401)
    expect((await server.client.post('/api/auth/login', ada.account)).status).toBe(401)
    await server.close()
    expect(await statusOf(ada.at((await server.startSibling()).origin))).toBe(401)
  })

  test('a changed name shows in the next verify', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp()
    const { id } = (await ada.get('/api/auth/verify')).body.user
    const { users } = await openBeside(server)

    await users.update(id, { name: 'Countess' })

    await expect.poll(async () => (await ada.get('/api/auth/verify')).body.user.name).toBe('Countess')
  })
})

test.each<[string, Record<string, unknown>, number, string]>([
  [
    'a wrong current password',
    { current_password: 'not my password', new_password: 'another good one' },
    400,
    'wrong_password',
  ],
  [
    'a new password that is too short',
    { current_password: 'a long enough password', new_password: 'short' },
    422,
    'validation_failed',
  ],
  [
    'a new password with NUL',
    { current_password: 'a long enough password', new_password: 'long\0enough' },
    422,
    'validation_failed',
  ],
  ['no current password', { new_password: 'another good one' }, 422, 'validation_failed'],
])('%s changes nothing', async (_what, body, status, code) => {
  const { client, signUp } = await startTestServer()
  const ada = await signUp()
  const elsewhere = await client.login(ada.account)

  const reply = await ada.post('/api/auth/change-password', body)

  expect(reply).toMatchObject({ status, body: { code } })
  expect(reply.headers.get('www-authenticate')).toBeNull()
  expect(await Promise.all([ada, elsewhere].map(statusOf))).toEqual([200, 200])
  expect((await client.post('/api/auth/login', ada.account)).status).toBe(200)
})
