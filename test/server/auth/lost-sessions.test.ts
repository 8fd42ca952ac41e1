import { describe, expect, test } from 'vitest'
import { HERE, openBeside } from '../../support/beside'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const NEXT = 'another good password'

const statusOf = async (client: TestClient) => (await client.get('/api/auth/verify')).status

describe.each(DIALECTS)('tokens whose session the database has lost, on %s', (dialect) => {
  async function startAndLose() {
    const server = await startTestServer({ dialect })
    const lost = await server.signUp()
    const { read, change } = await openBeside(server)
    await change('DELETE FROM sessions')
    expect(await read('SELECT id FROM sessions')).toEqual([])
    expect(await statusOf(lost)).toBe(200)
    return { server, lost, sibling: await server.startSibling() }
  }

  test('signing out ends such a token here, elsewhere and after a restart', async () => {
    const { server, lost, sibling } = await startAndLose()

    expect((await lost.post('/api/auth/logout')).status).toBe(200)

    expect(await statusOf(lost)).toBe(401)
    await expect.poll(() => statusOf(lost.at(sibling.origin))).toBe(401)
    expect(await statusOf(lost.at((await server.startSibling()).origin))).toBe(401)
  })

  test.each<[string, (client: TestClient) => Promise<unknown>]>([
    [
      'a new password',
      (client) =>
        client.post('/api/auth/change-password', {
          current_password: client.account.password,
          new_password: NEXT,
        }),
    ],
    ['ending all other sessions', (client) => client.post('/api/auth/sessions/revoke-others')],
  ])('%s ends such tokens, and neither the session that did it nor later ones', async (what, end) => {
    const { server, lost, sibling } = await startAndLose()
    const ada = await server.client.login(lost.account)
    const bob = await server.signUp('Bob')

    await end(ada)

    const password = what === 'a new password' ? NEXT : lost.account.password
    const later = await server.client.login({ ...lost.account, password })
    const living = [ada, bob, later]
    expect(await statusOf(lost)).toBe(401)
    await expect.poll(() => statusOf(lost.at(sibling.origin))).toBe(401)
    const restarted = await server.startSibling()
    expect(await statusOf(lost.at(restarted.origin))).toBe(401)
    for (const node of [server, sibling, restarted])
      expect(await Promise.all(living.map((client) => statusOf(client.at(node.origin))))).toEqual([200, 200, 200])
  })

  test('such a token does not change the password', async () => {
    const { lost } = await startAndLose()

    const reply = await lost.post('/api/auth/change-password', {
      current_password: lost.account.password,
      new_password: NEXT,
    })

    expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
  })
})

test('who signs in on a node whose clock is behind the one that ended all sessions is signed in', async () => {
  const server = await startTestServer({ now: () => Date.now() + 30_000 })
  const ada = await server.signUp()
  await ada.post('/api/auth/sessions/revoke-others')
  const { accounts } = await openBeside(server)

  const { reply } = await accounts.auth.login(ada.account, { ...HERE, isPage: false })

  expect(await statusOf(ada.withToken(reply.access_token))).toBe(200)
})
