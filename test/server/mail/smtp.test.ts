import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { expect, test } from 'vitest'
import type { MailConfig } from '../../../server/mail/mail-settings'
import { readLog } from '../../support/beside'
import { makeCertificate } from '../../support/certificate'
import { type MailServer, startMailServer } from '../../support/mail-server'
import { newFolder } from '../../support/new-folder'
import { serveProgram } from '../../support/serve-program'
import { startTestServer, type TestServer } from '../../support/start-test-server'
import { connect } from '../../support/test-client'

const USER = 'aurelius-at-the-mail-server'
const PASSWORD = 'Marker of the mail password'
const ADA = { email: 'ada@example.com', password: 'Marker of a password', name: 'Marker of a name' }
const PATIENCE = { timeout: 15_000 }

/** A mail server that takes mail from whoever knows the password, and counts those who tried one. */
function protectedBy(password: string): SMTPServerOptions & { tried: string[] } {
  const tried: string[] = []
  return {
    tried,
    authOptional: false,
    disabledCommands: [],
    onAuth({ username = '', password: given = '' }, _session, answer) {
      tried.push(given)
      if (username === USER && given === password) answer(null, { user: username })
      else answer(Object.assign(new Error('no'), { responseCode: 535 }))
    },
  }
}

const startWith = (mail: MailConfig) =>
  startTestServer({ config: { mail, publicUrl: 'https://research.example' }, secrets: { mailPassword: PASSWORD } })

const logOf = ({ folder }: TestServer) => readFileSync(join(folder, 'logs', 'server.log'), 'utf8')

/** What the log says of mail, once nothing more happens; whoever the mail was for, and what opens anything, is not in it. */
async function toldOf(server: TestServer) {
  const { text, lines } = await readLog(server)
  for (const secret of [PASSWORD, ADA.password, ADA.email, ADA.name, USER]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4))
  }
  expect(text).not.toContain(Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64'))
  expect(text).not.toContain('confirm-email')
  return lines.filter(({ kind }) => kind === 'email-verification')
}

test.each([
  ['tls', { secure: true }],
  ['starttls', { secure: false }],
] as const)(
  'with SMTP_TLS=%s mail goes encrypted to a server whose certificate is trusted, with the password',
  async (security, options) => {
    const { key, cert } = makeCertificate()
    const auth = protectedBy(PASSWORD)
    const mails = await startMailServer({ ...auth, ...options, key, cert })
    const folder = newFolder()
    const trusted = join(folder, 'trusted.pem')
    writeFileSync(trusted, cert)

    const { origin } = await serveProgram(folder, {
      NODE_EXTRA_CA_CERTS: trusted,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mails.config.port),
      SMTP_TLS: security,
      SMTP_USER: USER,
      SMTP_PASSWORD: PASSWORD,
      SMTP_FROM: 'Aurelius <aurelius@research.example>',
      PUBLIC_URL: 'https://research.example',
      ALLOWED_HOSTS: 'research.example',
    })
    await connect(origin).register(ADA)

    const mail = await mails.next()
    expect(mail).toMatchObject({ to: [ADA.email], secure: true, user: USER })
    expect(mail.source).toContain('From: Aurelius <aurelius@research.example>')
    expect(mail.source).toContain('Auto-Submitted: auto-generated')
    expect(mail.link).toMatch(/^https:\/\/research\.example\/confirm-email#/)
    expect(mail.source).not.toContain(ADA.name)
  },
)

test.each<[string, MailConfig['security'], SMTPServerOptions]>([
  ['nobody vouches for its certificate', 'tls', { secure: true, ...makeCertificate() }],
  ['nobody vouches for the certificate it turns to', 'starttls', { disabledCommands: [], ...makeCertificate() }],
  ['it does not encrypt', 'starttls', { disabledCommands: ['STARTTLS'] }],
])('a server gets neither mail nor password when %s', async (_what, security, options) => {
  const auth = protectedBy(PASSWORD)
  const mails = await startMailServer({ ...auth, ...options }, { security, user: USER })
  const server = await startWith(mails.config)

  await server.client.register(ADA)

  await expect.poll(() => logOf(server), PATIENCE).toContain('a mail could not be sent')
  expect([mails.received, mails.attempts, auth.tried]).toEqual([[], 0, []])
  expect(await toldOf(server)).toMatchObject([{ try: 1, msg: expect.stringContaining('could not be sent') }])
})

test.each<[string, (mails: MailServer) => void, string, number, number]>([
  ['the password is not right', () => undefined, 'another password', 535, 0],
  ['it refuses the recipient for good', (mails) => (mails.refuseWith = 550), PASSWORD, 550, 1],
])('a mail is given up when %s', async (_what, prepare, password, code, recipients) => {
  const auth = protectedBy(password)
  const mails = await startMailServer({ ...auth, disabledCommands: ['STARTTLS'] }, { user: USER })
  prepare(mails)
  const server = await startWith(mails.config)

  await server.client.register(ADA)

  await expect.poll(() => logOf(server), PATIENCE).toContain('a mail could not be sent')
  expect([auth.tried, mails.attempts, mails.received]).toEqual([[PASSWORD], recipients, []])
  expect(await toldOf(server)).toMatchObject([{ try: 1, response_code: code, msg: 'a mail could not be sent' }])
})

test('a mail that is refused for the moment is sent a little later, once', async () => {
  const mails = await startMailServer()
  mails.refuseWith = 451
  const server = await startWith(mails.config)

  await server.client.register(ADA)
  await expect.poll(() => mails.attempts, PATIENCE).toBe(1)
  mails.refuseWith = undefined

  expect(await mails.next()).toMatchObject({ to: [ADA.email] })
  await expect.poll(() => logOf(server), PATIENCE).toContain('mail sent')
  expect([mails.attempts, mails.received.length]).toEqual([2, 1])
  expect(await toldOf(server)).toMatchObject([
    { try: 1, response_code: 451, msg: 'a mail could not be sent; trying again' },
    { msg: 'mail sent' },
  ])
})

test('a mail server that is away keeps nobody from signing up', async () => {
  const away = createServer()
  const port = await new Promise<number>((resolve) => {
    away.listen(0, '127.0.0.1', () => resolve((away.address() as AddressInfo).port))
  })
  await new Promise((resolve) => away.close(resolve))
  const from = { name: 'Aurelius', address: 'aurelius@research.example' }
  const server = await startWith({ host: '127.0.0.1', port, security: 'none', user: null, from })

  const ada = await server.client.register(ADA)

  expect((await ada.get('/api/auth/verify')).status).toBe(200)
  await expect.poll(() => logOf(server), PATIENCE).toContain('trying again')
  expect(await toldOf(server)).toMatchObject([{ try: 1, code: expect.stringMatching(/^E/) }])
})
