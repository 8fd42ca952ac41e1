import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect, onTestFinished } from 'vitest'
import type { MailConfig } from '../../server/mail/mail-settings'

export interface ReceivedMail {
  to: string[]
  subject: string
  /** As it came, headers included, with the encoding of its parts undone. */
  source: string
  /** The one link in it. */
  link: string
  secure: boolean
  user: string | undefined
}

export interface MailServer {
  config: MailConfig
  received: ReceivedMail[]
  /** Resolves with the next mail that nobody has asked for yet, in the order in which they came, or the next of a subject. */
  next(subject?: string): Promise<ReceivedMail>
  /** How the next recipients are answered: an SMTP code that refuses, or `undefined` to accept. */
  refuseWith: number | undefined
  attempts: number
}

/** A mail server on this machine that keeps what it is given, gone when the test ends. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  changes: Partial<MailConfig> = {},
): Promise<MailServer> {
  const taken = new Set<ReceivedMail>()
  const mailServer: MailServer = {
    config: {
      host: '127.0.0.1',
      port: 0,
      security: 'none',
      user: null,
      from: { name: 'Aurelius', address: 'aurelius@research.example' },
      ...changes,
    },
    received: [],
    refuseWith: undefined,
    attempts: 0,
    async next(subject = '') {
      const find = () => mailServer.received.find((mail) => !taken.has(mail) && mail.subject.includes(subject))
      await expect.poll(find).toBeDefined()
      const found = find() as ReceivedMail
      taken.add(found)
      return found
    },
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, answer) {
      mailServer.attempts += 1
      const code = mailServer.refuseWith
      answer(code === undefined ? null : Object.assign(new Error('not here'), { responseCode: code }))
    },
    async onData(stream, { envelope, secure, user }, answer) {
      let source = ''
      for await (const chunk of stream) source += chunk
      mailServer.received.push({ ...read(source), to: envelope.rcptTo.map(({ address }) => address), secure, user })
      answer()
    },
    ...options,
  })
  server.on('error', () => undefined) // a client that hangs up on a certificate it does not know
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)))
  mailServer.config.port = (server.server.address() as AddressInfo).port
  return mailServer
}

function read(raw: string): Pick<ReceivedMail, 'subject' | 'source' | 'link'> {
  const source = raw
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_code, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return {
    subject: /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? '',
    source,
    link: /https?:\/\/[^\s<>"]+#[\w-]{43}/.exec(source)?.[0] ?? '',
  }
}
