import { describe, expect, test } from 'vitest'
import { type AuditLog, openAuditLog } from '../../support/audit-log'
import { asPage, FIREFOX } from '../../support/page-client'
import { DIALECTS, startTestServer } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const idOf = async (client: TestClient): Promise<string> => (await client.get('/api/auth/verify')).body.user.id

describe.each(DIALECTS)('on %s', (dialect) => {
  async function start() {
    const server = await startTestServer({ dialect })
    return { server, client: server.client, log: await openAuditLog(server) }
  }

  test('an account that is made and its first session are recorded with who, what, when, from where and which request', async () => {
    const { client, log } = await start()

    const reply = await client.post(
      '/api/auth/register',
      { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' },
      { headers: { 'user-agent': FIREFOX } },
    )

    const { user } = reply.body
    const entries = await log.entries()
    const common = {
      outcome: 'success',
      actor_id: user.id,
      account_id: user.id,
      address: '127.0.0.1',
      device: 'Firefox on Linux',
      request_id: reply.headers.get('x-request-id'),
      details: {},
    }
    const [{ id: sessionId } = {}] = await log.read('SELECT id FROM sessions')
    expect(entries).toMatchObject([
      { ...common, seq: 1, action: 'account.registered', target_type: 'user', target_id: user.id },
      { ...common, seq: 2, action: 'session.signed_in', target_type: 'session', target_id: sessionId },
    ])
    expect(Math.abs(Date.parse(entries[0]?.occurred_at ?? '') - Date.now())).toBeLessThan(60_000)
  })

  test('what a signed-in person does to sessions and password is recorded under their name and session', async () => {
    const { server, client, log } = await start()
    const ada = await server.signUp()
    const others = [await client.login(ada.account), await client.login(ada.account)]
    const userId = await idOf(ada)
    const sessions: { id: string; is_current: boolean }[] = (await ada.get('/api/auth/sessions')).body.sessions
    const own = sessions.find(({ is_current }) => is_current)?.id
    const other = sessions.find(({ is_current }) => !is_current)?.id
    const password = { current_password: ada.account.password, new_password: 'another good password' }

    const entries = await log.added(async () => {
      await ada.request('DELETE', `/api/auth/sessions/${other}`)
      await ada.post('/api/auth/sessions/revoke-others')
      await ada.post('/api/auth/change-password', password)
      await ada.post('/api/auth/logout')
    })

    const common = { actor_kind: 'user', outcome: 'success', actor_id: userId, credential_id: own, account_id: userId }
    expect(others).toHaveLength(2)
    expect(entries).toMatchObject([
      { ...common, action: 'session.revoked', target_type: 'session', target_id: other },
      { ...common, action: 'session.others_revoked', details: { sessions: 1 } },
      { ...common, action: 'account.password_changed', target_type: 'user', target_id: userId },
      { ...common, action: 'session.signed_out', target_type: 'session', target_id: own },
    ])
  })

  test('who is refused is recorded as a stranger, with the account where there is one and never what was typed', async () => {
    const { server, client, log } = await start()
    const ada = await server.signUp()
    const gone = await server.signUp('Bob')
    const [adaId, goneId] = [await idOf(ada), await idOf(gone)]
    await log.users.update(goneId, { isActive: false })
    const wrong = { current_password: 'my old secret one', new_password: 'another good password' }

    const entries = await log.added(async () => {
      await client.post('/api/auth/login', { email: ada.account.email, password: 'my old secret one' })
      await client.post('/api/auth/login', { email: 'my-old-secret@one.example', password: 'my old secret one' })
      await client.post('/api/auth/login', gone.account)
      await client.post('/api/auth/register', { ...ada.account, password: 'my old secret one' })
      await ada.post('/api/auth/change-password', wrong)
      await ada.request('DELETE', '/api/auth/sessions/unknown')
      await server.close()
    })

    const stranger = { actor_kind: 'anonymous', actor_id: null, credential_id: null, outcome: 'failure' }
    // No refusal waits for its entry to be written, so one may be overtaken by the next.
    expect(entries).toHaveLength(5)
    for (const entry of [
      { ...stranger, action: 'session.signed_in', account_id: adaId, details: { reason: 'wrong_password' } },
      { ...stranger, action: 'session.signed_in', account_id: null, details: { reason: 'unknown_account' } },
      { ...stranger, action: 'session.signed_in', account_id: goneId, details: { reason: 'account_inactive' } },
      { ...stranger, action: 'account.registered', account_id: adaId, details: { reason: 'email_taken' } },
      {
        action: 'account.password_changed',
        actor_id: adaId,
        outcome: 'failure',
        details: { reason: 'wrong_password' },
      },
    ])
      expect(entries).toContainEqual(expect.objectContaining(entry))
    expect(JSON.stringify(entries)).not.toMatch(/secret|example\.com/)
  })

  test('a spent refresh token that is shown again is recorded with the session it ended', async () => {
    const clock = { ahead: 0 }
    const server = await startTestServer({ dialect, now: () => Date.now() + clock.ahead })
    const log = await openAuditLog(server)
    const ada = await server.signUp()
    const page = asPage(server.client)
    await page.signIn(ada.account)
    const [spent, adaId] = [page.cookie, await idOf(ada)]
    await page.refresh()
    clock.ahead = 60_000

    const entries = await log.added(() => page.refresh(spent))

    expect(entries).toMatchObject([
      { action: 'session.refresh_token_reused', outcome: 'failure', actor_id: null, account_id: adaId },
    ])
  })

  test('a thousand failures make a few entries, and how many more there were is written when the server stops', async () => {
    const { server, client, log } = await start()
    const ada = await server.signUp()
    const attempt = () => client.post('/api/auth/login', { email: ada.account.email, password: 'a wrong password' })

    const entries = await log.added(async () => {
      for (let turn = 0; turn < 25; turn += 1) await attempt()
      await server.close()
    })

    const limits = entries.filter(({ action }) => action === 'limit.reached')
    const refused = entries.filter(({ action }) => action === 'session.signed_in')
    expect(entries).toHaveLength(12)
    expect(refused).toHaveLength(10)
    expect(limits.map(({ details }) => details)).toEqual([{ policy: 'sign-in' }, { policy: 'sign-in', repeated: 14 }])
    expect(new Set(limits.map(({ account_id }) => account_id))).toEqual(new Set([await registered(log)]))
  })
})

async function registered(log: AuditLog): Promise<unknown> {
  const [row] = await log.read('SELECT id FROM users')
  return row?.id
}
