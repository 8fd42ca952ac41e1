import { describe, expect, test } from 'vitest'
import { makeAuthenticator } from '../../support/authenticator'
import { startMailServer } from '../../support/mail-server'
import { enrolled } from '../../support/protected-account'
import { DIALECTS, startTestServer } from '../../support/start-test-server'

const PASSKEYS = '/api/auth/factors/passkeys'

describe.each(DIALECTS)('on %s', (dialect) => {
  test('whoever adds, removes or loses a second factor, or changes the password, is told by mail', async () => {
    const mails = await startMailServer()
    const server = await startTestServer({
      dialect,
      config: { mail: mails.config, publicUrl: 'https://research.example' },
    })
    const grace = await server.setUp()
    const ada = await server.signUp('Ada')
    await mails.next('Confirm your e-mail address')
    await mails.next('Confirm your e-mail address')
    const told = async (subject: string, content: string) => {
      const mail = await mails.next()
      expect(mail).toMatchObject({ to: [ada.account.email], subject: expect.stringContaining(subject) })
      expect(mail.source).toContain(content)
      expect(mail.source).not.toContain(ada.account.name)
      return mail
    }
    const origin = `http://localhost:${new URL(server.origin).port}`
    const page = { origin }
    const onPage = ada.at(origin)
    const addPasskey = async (asked: string) => {
      const credential = makeAuthenticator().make(asked, page)
      return onPage.post(PASSKEYS, { name: 'Marker of a name', credential }, { headers: page })
    }

    const begun = await ada.post('/api/auth/factors/totp')
    await ada.post('/api/auth/factors/totp/confirm', { code: '000000' })
    await ada.request('DELETE', '/api/auth/factors/totp')
    const { secret, recoveryCodes } = await enrolled(ada, Date.now)
    const added = await told('A second factor was added', 'An authenticator app was added')
    for (const hidden of [secret, begun.body.secret, ...recoveryCodes]) expect(added.source).not.toContain(hidden)

    const { body } = await onPage.post(`${PASSKEYS}/options`, undefined, { headers: page })
    expect((await addPasskey('not what was asked')).status).toBe(400)
    expect((await addPasskey(body.options.challenge)).status).toBe(200)
    expect((await told('A second factor was added', 'A passkey was added')).source).not.toContain('Marker')
    const [passkey] = (await ada.get('/api/auth/factors')).body.passkeys
    await ada.request('DELETE', `${PASSKEYS}/${passkey.id}`)
    await told('A second factor was removed', 'A passkey was removed')
    await ada.request('DELETE', '/api/auth/factors/totp')
    await told('A second factor was removed', 'An authenticator app was removed')

    const { password } = ada.account
    const change = (current: string) =>
      ada.post('/api/auth/change-password', { current_password: current, new_password: 'another long password' })
    expect((await change('not the password')).status).toBe(400)
    expect((await change(password)).status).toBe(200)
    await told('Your Aurelius password was changed', 'changed just now')

    const id = (await ada.get('/api/auth/verify')).body.user.id
    await enrolled(ada, Date.now)
    await told('A second factor was added', 'An authenticator app was added')
    expect((await grace.request('DELETE', `/api/admin/users/${id}/factors`)).status).toBe(200)
    await told('The second factor of your Aurelius account was reset', 'An administrator took every second factor off')
    expect(mails.received).toHaveLength(9)
  })
})
