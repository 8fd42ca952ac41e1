import { describe, expect, test } from 'vitest'
import { openAuditLog } from '../../../support/audit-log'
import { enrolled } from '../../../support/protected-account'
import { proveFresh } from '../../../support/prove-fresh'
import { DIALECTS, startTestServer } from '../../../support/start-test-server'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('what happens to second factors is in the audit log, and no secret of theirs', async () => {
    let at = Date.parse('2026-03-01T12:00:05Z')
    const server = await startTestServer({ dialect, now: () => at })
    const log = await openAuditLog(server)
    const ada = await enrolled(await server.signUp('Ada'), () => at)
    const userId = (await ada.client.get('/api/auth/verify')).body.user.id
    at += 30_000

    await ada.signIn('000000')
    await ada.signIn(ada.recoveryCodes[0])
    await ada.client.post('/api/auth/step-up', { code: '000000' })
    const proved = await proveFresh(ada.client, { code: ada.code() })
    const { body } = await proved.post('/api/auth/factors/recovery-codes')
    await proved.request('DELETE', '/api/auth/factors/totp')
    await proved.post('/api/auth/step-up', { password: 'not the password' })
    await server.close()

    const entries = (await log.entries()).slice(2)
    const told = entries.map(({ action, outcome, details }) => `${action} ${outcome} ${JSON.stringify(details)}`)
    expect(told.sort()).toEqual(
      [
        'factor.begun success {"factor":"totp"}',
        'factor.confirmed success {"factor":"totp"}',
        'session.signed_in failure {"reason":"wrong_code"}',
        'session.signed_in success {"second_factor":"recovery_code"}',
        'session.proved failure {"reason":"wrong_code"}',
        'session.proved success {"method":"totp"}',
        'factor.recovery_codes_replaced success {}',
        'factor.removed success {"factor":"totp"}',
        'session.proved failure {"reason":"wrong_password"}',
      ].sort(),
    )
    for (const entry of entries) expect(entry).toMatchObject({ account_id: userId, address: '127.0.0.1' })
    const text = JSON.stringify(entries)
    for (const secret of [ada.secret, ada.code(), ...ada.recoveryCodes, ...body.recovery_codes])
      expect(text).not.toContain(secret)
  })

  test('a password that is right is no sign-in yet', async () => {
    const server = await startTestServer({ dialect })
    const log = await openAuditLog(server)
    const ada = await enrolled(await server.signUp('Ada'), Date.now)
    const before = (await log.entries()).length

    await ada.password()

    expect((await log.entries()).slice(before)).toEqual([])
  })
})
