import { describe, expect, it } from 'vitest'
import { REALTIME_BEARER_PROTOCOL, REALTIME_CLOSE, REALTIME_PROTOCOL } from '../../../contracts/realtime'
import { makeKey } from '../../support/api-keys'
import { enrolled } from '../../support/protected-account'
import { openRealtime } from '../../support/realtime-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

async function watch(person: TestClient, after?: number) {
  const client = openRealtime(person.origin)
  await client.authenticate(person.token)
  await client.follow('account', after)
  return client
}

describe.each(DIALECTS)('account events on %s', (dialect) => {
  it('reach the person they are about, at each node, and nobody else, and go on after a break', async () => {
    const server = await startTestServer({ dialect })
    const sibling = await server.startSibling()
    const admin = await server.setUp()
    const ada = await server.signUp('Ada')
    const [here, there, foreign] = [await watch(ada), await watch(ada.at(sibling.origin)), await watch(admin)]
    const [greeting] = here.received
    const own = greeting?.type === 'authenticated' ? greeting.session_id : undefined

    const { id: key, client: script } = await makeKey(ada)
    await script.get('/api/auth/me')
    await expect.poll(() => here.events('account').at(-1)?.type).toBe('api_key.first_used')
    const login = await ada.request('POST', '/api/auth/login', ada.account, {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
    })
    expect(login.status).toBe(200)
    const elsewhere = ada.withToken(login.body.access_token)
    const other = openRealtime(server.origin)
    const { session_id, user_id } = await other.authenticate(elsewhere.token)
    await ada.request('DELETE', `/api/auth/sessions/${session_id}`)
    expect(await other.closed).toBe(REALTIME_CLOSE.sessionEnded)
    await ada.request('POST', '/api/auth/login', { ...ada.account, password: 'a wrong password' })
    await enrolled(ada, Date.now)

    const expected = [
      { type: 'api_key.changed', api_key_id: key },
      { type: 'api_key.first_used', api_key_id: key, address: '127.0.0.1', by_session_id: null },
      { type: 'session.started', session_id, device: 'Firefox on Linux', address: '127.0.0.1' },
      { type: 'session.ended', session_id, by_session_id: own },
      { type: 'second_factor.changed', change: 'added', factor: 'totp' },
    ]
    for (const client of [here, there]) await expect.poll(() => client.events('account')).toMatchObject(expected)
    const ids = here.events('account').map(({ id }) => id)
    expect(there.events('account').map(({ id }) => id)).toEqual(ids)
    expect(ids).toEqual([...ids].sort((one, other) => one - other))

    // Ends every session of Ada's: what happened since is told at the next one.
    expect((await admin.request('DELETE', `/api/admin/users/${user_id}/factors`)).status).toBe(200)
    expect(await here.closed).toBe(REALTIME_CLOSE.sessionEnded)
    const again = await ada.at(sibling.origin).login(ada.account)
    const resumed = await watch(again, ids[3])
    await expect
      .poll(() => resumed.events('account'))
      .toMatchObject([
        { id: ids[4] },
        { type: 'second_factor.changed', change: 'reset', factor: null, device: null, by_session_id: null },
        { type: 'session.started' },
      ])
    expect(foreign.events('account')).toEqual([])
  })
})

describe('who must set up a second factor first', () => {
  it('gets no socket, and loses the one that is open', async () => {
    const server = await startTestServer()
    const admin = await server.setUp()
    const guarded = await enrolled(admin, Date.now)
    const owner = admin.withToken((await guarded.signIn(guarded.code(1))).body.access_token)
    const ada = await server.signUp('Ada')
    const script = await makeKey(ada, { scopes: ['ledger:read'] })
    const [open, kept] = [await watch(ada), await watch(owner)]
    expect((await owner.request('PUT', '/api/admin/second-factor', { required: true })).status).toBe(200)

    expect(await open.closed).toBe(REALTIME_CLOSE.mustEnrol)
    for (const credential of [ada.token, script.secret]) {
      const client = openRealtime(server.origin)
      await client.status
      client.send({ type: 'authenticate', token: credential })
      expect(await client.closed).toBe(REALTIME_CLOSE.mustEnrol)
      const protocols = [REALTIME_PROTOCOL, REALTIME_BEARER_PROTOCOL + credential]
      const early = openRealtime(server.origin, { protocols })
      expect(await early.status).toBe(403)
      expect(await early.refusal).toContain('second_factor_enrolment_required')
    }
    expect(kept.socket.readyState).toBe(kept.socket.OPEN)
  })
})
