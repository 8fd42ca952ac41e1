import { describe, expect, test } from 'vitest'
import { openBeside, readLog } from '../../support/beside'
import { postFrom } from '../../support/from-address'
import { beginBeside, untilWaiting } from '../../support/held-rows'
import { startMailServer } from '../../support/mail-server'
import { asPage } from '../../support/page-client'
import { enrolled } from '../../support/protected-account'
import { DIALECTS, startTestServer, type TestServer, type TestServerOptions } from '../../support/start-test-server'
import type { TestClient } from '../../support/test-client'

const MINUTE = 60_000
const NEXT = 'a rather different password'
const SET = 'Your password is set. Sign in with it, and look through your API keys: they go on working.'
const ANSWER = 'If there is an account with this address, a mail with a link is on its way to it.'

const ask = (client: TestClient, email: string) => client.post('/api/auth/forgot-password', { email })
const look = (client: TestClient, token: string) => client.post('/api/auth/reset-password/look', { token })
const reset = (client: TestClient, token: string, password = NEXT) =>
  client.post('/api/auth/reset-password', { token, new_password: password })
const tokenIn = (link: string) => link.split('#')[1] ?? ''

async function startWithMail(options: TestServerOptions = {}) {
  const mails = await startMailServer()
  const clock = { ms: Date.now() }
  const server = await startTestServer({
    ...options,
    config: { mail: mails.config, publicUrl: 'http://127.0.0.1:8000', ...options.config },
    now: () => clock.ms,
  })
  const ada = await server.signUp('Ada')
  await mails.next('Confirm your e-mail address')
  return { mails, server, client: server.client, ada, clock }
}

async function startWithLink(options: TestServerOptions = {}) {
  const started = await startWithMail(options)
  await ask(started.client, started.ada.account.email)
  const { link } = await started.mails.next()
  return { ...started, link, token: tokenIn(link) }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('a mail with a link goes to the address of an account, whatever its spelling, and to no other', async () => {
    const { client, ada, mails } = await startWithMail({ dialect })

    const known = await ask(client, ` ${ada.account.email.toUpperCase()} `)
    const unknown = await ask(client, 'nobody@example.com')

    expect(known).toMatchObject({ status: 200, body: { message: ANSWER } })
    expect(unknown).toMatchObject({ status: 200, body: known.body })
    const mail = await mails.next()
    expect(mail.to).toEqual([ada.account.email])
    expect(mail.subject).toBe('Set a new password for Aurelius')
    expect(mail.link).toMatch(/^http:\/\/127\.0\.0\.1:8000\/reset-password#[\w-]{43}$/)
    expect(mail.source).toContain('The link is good for 30 minutes and can be used once.')
    await ask(client, ada.account.email)
    await mails.next()
    expect(mails.received).toHaveLength(3)
  })

  test('the link sets a new password, ends every session on every node, and tells the owner', async () => {
    const { server, client, ada, token, mails } = await startWithLink({ dialect })
    const sibling = await server.startSibling()
    const page = asPage(client)
    await page.signIn(ada.account)
    expect((await ada.at(sibling.origin).get('/api/auth/verify')).status).toBe(200)
    expect(await look(client, token)).toMatchObject({ status: 200, body: { email: ada.account.email } })

    const reply = await reset(client, token)

    expect(reply).toMatchObject({ status: 200, body: { message: SET } })
    expect(Object.keys(reply.body)).toEqual(['message'])
    expect((await ada.get('/api/auth/verify')).status).toBe(401)
    expect((await page.refresh()).status).toBe(401)
    await expect.poll(async () => (await ada.at(sibling.origin).get('/api/auth/verify')).status).toBe(401)
    expect((await client.post('/api/auth/login', ada.account)).status).toBe(401)
    expect((await client.post('/api/auth/login', { ...ada.account, password: NEXT })).status).toBe(200)
    const told = await mails.next()
    expect(told).toMatchObject({ to: [ada.account.email], subject: 'Your Aurelius password was changed' })
    const { read } = await openBeside(server)
    expect(
      await read("SELECT action, outcome FROM audit_log WHERE action LIKE 'account.password%' ORDER BY seq"),
    ).toEqual([
      { action: 'account.password_reset_requested', outcome: 'success' },
      { action: 'account.password_reset', outcome: 'success' },
    ])
    const [row] = await read('SELECT email_verified_at FROM users')
    expect(row?.email_verified_at).not.toBeNull()
  })

  test('a new password does not stand in for the second factor', async () => {
    const { client, ada, mails, clock } = await startWithMail({ dialect })
    await enrolled(ada, () => clock.ms)
    await ask(client, ada.account.email)
    await reset(client, tokenIn((await mails.next('Set a new password for Aurelius')).link))

    const reply = await client.post('/api/auth/login', { ...ada.account, password: NEXT })

    expect(reply).toMatchObject({ status: 401, body: { code: 'second_factor_required' } })
    expect(reply.body).not.toHaveProperty('access_token')
  })

  test('a link works once, also for two at once, and takes every other link with it', async () => {
    const { server, client, ada, token, mails } = await startWithLink({ dialect })
    await ask(client, ada.account.email)
    const second = tokenIn((await mails.next()).link)
    const other = await beginBeside(server)
    await other.run("UPDATE users SET name = 'held'")

    const attempts = [reset(client, token), reset(client, token, 'yet another password')]
    await untilWaiting(server, attempts.length)
    await other.commit()

    expect((await Promise.all(attempts)).map(({ status }) => status).sort()).toEqual([200, 400])
    for (const spent of [token, second]) {
      const refused = { status: 400, body: { code: 'link_invalid' } }
      expect(await look(client, spent)).toMatchObject(refused)
      expect(await reset(client, spent)).toMatchObject(refused)
    }
  })

  test.each<[string, (started: Awaited<ReturnType<typeof startWithLink>>) => unknown]>([
    ['30 minutes have passed', ({ clock }) => (clock.ms += 30 * MINUTE)],
    [
      'the password was changed meanwhile',
      ({ ada }) =>
        ada.post('/api/auth/change-password', {
          current_password: ada.account.password,
          new_password: 'my own new one',
        }),
    ],
    ['the address was changed meanwhile', (started) => update(started, { email: 'ada.new@example.com' })],
    ['the account was deactivated', (started) => update(started, { isActive: false })],
    ['the account was deleted', ({ ada }) => ada.post('/api/auth/delete-account', { password: ada.account.password })],
  ])('a link is void when %s', async (_what, happen) => {
    const started = await startWithLink({ dialect })
    const { server, client, token } = started
    const { read } = await openBeside(server)

    await happen(started)
    const before = await read('SELECT hashed_password FROM users')

    expect(await look(client, token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect(await reset(client, token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect(await read('SELECT hashed_password FROM users')).toEqual(before)
  })

  test('a second before 30 minutes have passed it still works, and a refused password does not spend it', async () => {
    const { client, token, clock } = await startWithLink({ dialect })
    clock.ms += 30 * MINUTE - 1000

    expect(await reset(client, token, 'short')).toMatchObject({ status: 422 })
    expect(await reset(client, token, 'qwertyuiop')).toMatchObject({ status: 422 })
    expect(await reset(client, token, 'adaaurelius')).toMatchObject({ status: 422 })
    expect((await reset(client, token)).status).toBe(200)
  })

  test('an administrator makes a link, shown once, for somebody else to use', async () => {
    const server = await startTestServer({ dialect })
    const [root, ada] = [await admin(server), await server.signUp('Ada')]
    const { id } = (await ada.get('/api/auth/verify')).body.user

    const made = await root.post(`/api/admin/users/${id}/reset-link`)

    expect(made.status).toBe(201)
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect(made.body.url).toMatch(new RegExp(`^${server.origin}/reset-password#[\\w-]{43}$`))
    expect(Date.parse(made.body.expires_at) - Date.now()).toBeGreaterThan(23 * 60 * MINUTE)
    expect((await ada.get('/api/auth/verify')).status).toBe(200)
    expect((await reset(server.client, tokenIn(made.body.url))).status).toBe(200)
    expect((await server.client.post('/api/auth/login', { ...ada.account, password: NEXT })).status).toBe(200)
    expect((await ada.get('/api/auth/verify')).status).toBe(401)
    const [row] = await (await openBeside(server)).read('SELECT email_verified_at FROM users WHERE id = :id', { id })
    expect(row?.email_verified_at).toBeNull()
  })

  test('nobody else makes such a link, and for nobody there is none', async () => {
    const server = await startTestServer({ dialect })
    const [root, ada] = [await admin(server), await server.signUp('Ada')]
    const { id } = (await ada.get('/api/auth/verify')).body.user
    const path = `/api/admin/users/${id}/reset-link`

    expect(await ada.post(path)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    expect((await server.client.post(path)).status).toBe(401)
    expect((await root.post('/api/admin/users/nobody/reset-link')).status).toBe(404)
    await update({ server, ada }, { isActive: false })
    expect(await root.post(path)).toMatchObject({ status: 409, body: { code: 'account_inactive' } })
    expect(await (await openBeside(server)).read('SELECT hash FROM one_time_tokens')).toEqual([])
  })

  test('at the machine itself a password is set without a link, under the same rules', async () => {
    const server = await startTestServer({ dialect })
    const ada = await server.signUp('Ada')
    const { accounts } = await openBeside(server)
    const byOperator = { kind: 'command_line', userId: null, credentialId: null, origin: null } as const

    await expect(accounts.passwordReset.setByOperator(byOperator, ada.account.email, 'qwertyuiop')).rejects.toThrow()
    await expect(accounts.passwordReset.setByOperator(byOperator, 'nobody@example.com', NEXT)).rejects.toThrow()
    await accounts.passwordReset.setByOperator(byOperator, ada.account.email.toUpperCase(), NEXT)

    await expect.poll(async () => (await ada.get('/api/auth/verify')).status).toBe(401)
    expect((await server.client.post('/api/auth/login', { ...ada.account, password: NEXT })).status).toBe(200)
  })

  test('neither the database nor the log holds a token', async () => {
    const { server, client, token } = await startWithLink({ dialect })
    await look(client, token)
    await reset(client, `${token.slice(0, -1)}A`)
    const { read } = await openBeside(server)

    expect(JSON.stringify(await read('SELECT * FROM one_time_tokens'))).not.toContain(token)
    expect(JSON.stringify(await read('SELECT * FROM audit_log'))).not.toContain(token)
    const { text } = await readLog(server)
    expect(text).not.toContain(token)
    expect(text).not.toMatch(/@example\.com/)
    expect(text).toContain('mail sent')
  })

  test('nobody fills a mailbox, and strangers keep nobody from asking where they are at home', async () => {
    const { server, client, ada, clock, mails } = await startWithMail({ dialect })
    const { email } = ada.account
    const askFrom = (address: string, whose = email) =>
      postFrom(address, `${server.origin}/api/auth/forgot-password`, { email: whose })

    for (let turn = 0; turn < 5; turn += 1) expect((await askFrom('127.0.2.1')).status).toBe(200)
    expect((await askFrom('127.0.2.1')).status).toBe(429)
    for (let turn = 0; turn < 5; turn += 1) expect((await askFrom('127.0.2.2')).status).toBe(200)
    expect((await askFrom('127.0.2.3')).status).toBe(429)
    expect((await ask(client, email)).status).toBe(200)
    for (let turn = 0; turn < 11; turn += 1) await mails.next()
    expect(mails.received).toHaveLength(12)

    for (let turn = 0; turn < 5; turn += 1) await askFrom('127.0.2.4', 'nobody@example.com')
    expect((await askFrom('127.0.2.4', 'nobody@example.com')).status).toBe(429)
    clock.ms += 60 * MINUTE
    expect((await askFrom('127.0.2.1')).status).toBe(200)
  })
})

test('without a mail server nobody is promised a mail, known or not', async () => {
  const { client, signUp } = await startTestServer()
  const { account } = await signUp()

  for (const email of [account.email, 'nobody@example.com'])
    expect(await ask(client, email)).toMatchObject({ status: 409, body: { code: 'mail_not_configured' } })
})

test.each(['', 'nonsense', 'A'.repeat(43), 'A'.repeat(64), 'A'.repeat(65), 'x/../../y', '../etc', 7, null, {}])(
  'the link with %j leads nowhere',
  async (token) => {
    const { client } = await startTestServer()

    for (const path of ['/api/auth/reset-password/look', '/api/auth/reset-password']) {
      const { status } = await client.post(path, { token, new_password: NEXT })
      expect([400, 422]).toContain(status)
    }
  },
)

test('who tries links is sent away in the end', async () => {
  const { client } = await startTestServer()
  const guess = (turn: number) => look(client, String(turn).padStart(43, 'A'))

  for (let turn = 0; turn < 300; turn += 1) expect((await guess(turn)).status).toBe(400)

  expect((await guess(300)).status).toBe(429)
})

async function update({ server, ada }: { server: TestServer; ada: TestClient }, changes: Record<string, unknown>) {
  const { users } = await openBeside(server)
  const found = await users.findByEmail(ada.account.email)
  await users.update(found?.id ?? '', changes)
}

async function admin(server: TestServer): Promise<TestClient> {
  const client = await server.signUp('Root')
  const { users } = await openBeside(server)
  await users.update((await client.get('/api/auth/verify')).body.user.id, { role: 'admin' })
  return server.client.login(client.account)
}
