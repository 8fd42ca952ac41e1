import { describe, expect, test } from 'vitest'
import { openBeside } from '../../support/beside'
import { beginBeside, untilWaiting } from '../../support/held-rows'
import { type MailServer, startMailServer } from '../../support/mail-server'
import { DIALECTS, startTestServer, type TestServerOptions } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const DAY = 86_400_000
const NEW = 'ada.new@example.com'

const change = (client: TestClient, to: string, password = client.account.password) =>
  client.post('/api/auth/change-email', { new_email: to, password })
const look = (client: TestClient, token: string) => client.post('/api/auth/confirm-email/look', { token })
const confirm = (client: TestClient, token: string) => client.post('/api/auth/confirm-email', { token })
const emailOf = async (client: TestClient) => (await client.get('/api/auth/verify')).body.user.email
const state = async (client: TestClient) => (await client.get('/api/auth/email')).body

/** The mails that a change sends, by whom they are for. */
async function nextTwo(mails: MailServer) {
  const both = [await mails.next(), await mails.next()]
  const tokenTo = (address: string) => both.find(({ to }) => to[0] === address)?.link.split('#')[1] ?? ''
  return { both, tokenTo }
}

async function startWithMail(options: TestServerOptions = {}) {
  const mails = await startMailServer()
  const clock = { ms: Date.now() }
  const server = await startTestServer({
    ...options,
    config: { mail: mails.config, publicUrl: 'http://127.0.0.1:8000', ...options.config },
    now: () => clock.ms,
  })
  const ada = await server.signUp('Ada')
  const verification = await mails.next()
  return {
    mails,
    server,
    client: server.client,
    ada,
    clock,
    verification,
    token: verification.link.split('#')[1] ?? '',
  }
}

async function startChange(options: TestServerOptions = {}) {
  const started = await startWithMail(options)
  const old = started.ada.account.email
  expect(await change(started.ada, NEW)).toMatchObject({ status: 200, body: { outcome: 'confirmation_sent' } })
  const { tokenTo } = await nextTwo(started.mails)
  return { ...started, old, fromOld: tokenTo(old), fromNew: tokenTo(NEW) }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('who registers is asked by mail whether the address is theirs, and says so once', async () => {
    const { client, ada, verification, token } = await startWithMail({ dialect })
    expect(verification).toMatchObject({
      to: [ada.account.email],
      subject: 'Confirm your e-mail address for Aurelius',
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8000\/confirm-email#[\w-]{43}$/),
    })
    expect(await state(ada)).toEqual({ email: ada.account.email, verified_at: null, change: null })
    expect((await look(client, token)).body).toMatchObject({ kind: 'verification', email: ada.account.email })

    expect(await confirm(client, token)).toMatchObject({ status: 200, body: { outcome: 'verified' } })

    expect((await state(ada)).verified_at).toMatch(/Z$/)
    expect(await confirm(client, token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect((await ada.get('/api/auth/verify')).status).toBe(200)
  })

  test('another mail can be asked for until it is confirmed; the link before is void then', async () => {
    const { client, ada, mails, token } = await startWithMail({ dialect })

    expect((await ada.post('/api/auth/email/verification')).status).toBe(200)
    const next = (await mails.next()).link.split('#')[1] ?? ''

    expect((await confirm(client, token)).status).toBe(400)
    expect((await confirm(client, next)).status).toBe(200)
    expect((await ada.post('/api/auth/email/verification')).status).toBe(200)
    await change(ada, NEW)
    await nextTwo(mails)
    expect(mails.received).toHaveLength(4)
  })

  test.each([
    ['the old one first', 'fromOld', 'fromNew'],
    ['the new one first', 'fromNew', 'fromOld'],
  ] as const)('a new address counts when both have confirmed, %s', async (_what, first, second) => {
    const started = await startChange({ dialect })
    const { client, server, ada, old, mails } = started
    const sibling = await server.startSibling()
    expect(await emailOf(ada.at(sibling.origin))).toBe(old)
    const told = { kind: 'change', email: first === 'fromOld' ? old : null, new_email: NEW }
    expect((await look(client, started[first])).body).toMatchObject(told)

    expect(await confirm(client, started[first])).toMatchObject({ status: 200, body: { outcome: 'half_confirmed' } })
    expect(await emailOf(ada)).toBe(old)
    expect((await state(ada)).change).toMatchObject({
      new_email: NEW,
      confirmed_by_current: first === 'fromOld',
      confirmed_by_new: first === 'fromNew',
    })
    expect(await confirm(client, started[first])).toMatchObject({ status: 400 })
    expect(await confirm(client, started[second])).toMatchObject({ status: 200, body: { outcome: 'changed' } })

    expect(await state(ada)).toEqual({ email: NEW, verified_at: expect.any(String), change: null })
    await expect.poll(() => emailOf(ada.at(sibling.origin))).toBe(NEW)
    expect((await client.post('/api/auth/login', { ...ada.account, email: NEW })).status).toBe(200)
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(401)
    const notice = await mails.next()
    expect(notice).toMatchObject({ to: [old], subject: 'Your Aurelius e-mail address was changed' })
    expect(notice.source).toContain(NEW)
    const { read } = await openBeside(server)
    expect(await read("SELECT action FROM audit_log WHERE action LIKE 'account.email%' ORDER BY seq")).toEqual([
      { action: 'account.email_change_requested' },
      { action: 'account.email_changed' },
    ])
  })

  test('both at the same moment change it once', async () => {
    const { server, client, ada, fromOld, fromNew } = await startChange({ dialect })
    const other = await beginBeside(server)
    await other.run("UPDATE users SET name = 'held'")

    const both = [confirm(client, fromOld), confirm(client, fromNew)]
    await untilWaiting(server, both.length)
    await other.commit()

    expect((await Promise.all(both)).map(({ body }) => body.outcome).sort()).toEqual(['changed', 'half_confirmed'])
    expect(await emailOf(ada)).toBe(NEW)
  })

  test.each<[string, (started: Awaited<ReturnType<typeof startChange>>) => unknown]>([
    ['a day has passed', ({ clock }) => (clock.ms += DAY)],
    ['it was taken back', ({ ada }) => ada.request('DELETE', '/api/auth/email/change')],
    ['another change was asked for', ({ ada }) => change(ada, 'ada.other@example.com')],
    ['the account was deleted', ({ ada }) => ada.post('/api/auth/delete-account', { password: ada.account.password })],
  ])('the links are void when %s', async (_what, happen) => {
    const started = await startChange({ dialect })
    const { client, server, fromOld, fromNew } = started
    const { read } = await openBeside(server)
    expect((await confirm(client, fromOld)).status).toBe(200)

    await happen(started)

    expect(await confirm(client, fromNew)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect(JSON.stringify(await read('SELECT email FROM users'))).not.toContain(NEW)
  })

  test('an address that somebody else took meanwhile stays theirs', async () => {
    const { client, ada, old, fromOld, fromNew } = await startChange({ dialect })
    await client.register({ email: NEW, password: 'a long enough password', name: 'Eve' })
    await confirm(client, fromOld)

    expect(await confirm(client, fromNew)).toMatchObject({ status: 400, body: { code: 'email_taken' } })
    expect(await emailOf(ada)).toBe(old)
  })

  test('without a mail server the password stands for it, and the change counts at once', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')

    expect(await change(ada, ` ${NEW.toUpperCase()}`)).toMatchObject({ status: 200, body: { outcome: 'changed' } })

    expect(await state(ada)).toEqual({ email: NEW, verified_at: null, change: null })
    expect((await server.client.post('/api/auth/login', { ...ada.account, email: NEW })).status).toBe(200)
    const { read } = await openBeside(server)
    expect(await read("SELECT action, details FROM audit_log WHERE action LIKE 'account.email%'")).toMatchObject([
      { action: 'account.email_changed', details: expect.stringContaining('password') },
    ])
    expect(await ada.post('/api/auth/email/verification')).toMatchObject({
      status: 409,
      body: { code: 'mail_not_configured' },
    })
  })

  test.each([
    ['a wrong password', NEW, 'not the right password', 400, 'wrong_password'],
    ['no address', 'nonsense', 'a long enough password', 422, 'validation_failed'],
    ['an address of somebody else', 'BOB@example.com', 'a long enough password', 400, 'email_taken'],
    ['the same address', 'ada@example.com', 'a long enough password', 422, 'validation_failed'],
  ])('a change with %s is refused and sends nothing', async (_what, to, password, status, code) => {
    const { client, mails } = await startWithMail({ dialect })
    const person = { password: 'a long enough password', name: 'Ada' }
    const ada = await client.register({ ...person, email: 'ada@example.com' })
    await client.register({ ...person, email: 'bob@example.com' })
    await nextTwo(mails)

    expect(await change(ada, to, password)).toMatchObject({ status, body: { code } })

    expect(await state(ada)).toMatchObject({ email: 'ada@example.com', change: null })
    expect(mails.received).toHaveLength(3)
  })

  test('a reset link that went to the former address is void', async () => {
    const { client, ada, mails } = await startWithMail({ dialect })
    await client.post('/api/auth/forgot-password', { email: ada.account.email })
    const resetToken = (await mails.next()).link.split('#')[1] ?? ''
    await change(ada, NEW)
    const { tokenTo } = await nextTwo(mails)
    await confirm(client, tokenTo(ada.account.email))
    await confirm(client, tokenTo(NEW))

    const reset = { token: resetToken, new_password: 'somebody else chose this' }
    expect((await client.post('/api/auth/reset-password', reset)).status).toBe(400)
  })

  test('a link is good for its one purpose', async () => {
    const { client, token, fromOld } = await startChange({ dialect })

    for (const other of [token, fromOld]) {
      const reset = { token: other, new_password: 'somebody else chose this' }
      expect(await client.post('/api/auth/reset-password', reset)).toMatchObject({ body: { code: 'link_invalid' } })
    }
    await client.post('/api/auth/forgot-password', { email: 'nobody@example.com' })
  })

  test('nobody fills a mailbox by asking for changes', async () => {
    const { ada } = await startWithMail({ dialect })

    for (let turn = 0; turn < 10; turn += 1) expect((await change(ada, `victim.${turn}@example.com`)).status).toBe(200)

    expect((await change(ada, 'victim.10@example.com')).status).toBe(429)
  })
})
