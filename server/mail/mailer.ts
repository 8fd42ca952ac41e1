import type { Transporter } from 'nodemailer'
import type { Log } from '../log'
import type { MailConfig } from './mail-settings'

const MOST_WAITING = 500
const RETRY_DELAYS_MS = [2_000, 30_000, 300_000]
const PATIENCE_MS = 15_000

/** One mail to one person. */
export interface Mail {
  /** What it is about, for the log: the one thing that is written of it. */
  kind: string
  to: string
  subject: string
  text: string
  html: string
}

export type Mailer = ReturnType<typeof createMailer>

/**
 * Sends mail behind the answers: whoever asks for one waits neither for the mail server nor for finding out whether
 * there is anything to send, so no answer's time tells. What is waiting lives in memory; a mail that is lost with it is
 * asked for again by whoever misses it.
 */
export function createMailer(config: MailConfig | null, password: string | undefined, log: Log) {
  const waiting: (() => Promise<void>)[] = []
  const retries = new Set<NodeJS.Timeout>()
  let transport: Promise<Transporter> | undefined
  let working: Promise<void> | undefined
  let isClosed = false

  function enqueue(work: () => Promise<void>): void {
    if (isClosed) return
    if (waiting.length >= MOST_WAITING) {
      log.warn({ waiting: waiting.length }, 'a mail was given up: too many are waiting')
      return
    }
    waiting.push(work)
    working ??= workOff().finally(() => {
      working = undefined
    })
  }

  async function workOff(): Promise<void> {
    // Not in the same turn: the answer goes first.
    await new Promise((resolve) => setImmediate(resolve))
    for (let work = waiting.shift(); work; work = waiting.shift())
      await work().catch((error) => log.error({ err: error }, 'a mail could not be written'))
  }

  async function deliver(mail: Mail, earlierTries: number): Promise<void> {
    const { kind, to, ...content } = mail
    // As an object: text would be read as a list of addresses.
    const message = { ...content, to: { name: '', address: to } }
    try {
      transport ??= openTransport(config as MailConfig, password)
      await (await transport).sendMail(message)
      log.info({ kind }, 'mail sent')
    } catch (error) {
      const delay = isForGood(error) ? undefined : RETRY_DELAYS_MS[earlierTries]
      const facts = { kind, try: earlierTries + 1, ...describe(error) }
      if (delay === undefined) return log.error(facts, 'a mail could not be sent')
      log.warn(facts, 'a mail could not be sent; trying again')
      retryLater(mail, earlierTries + 1, delay)
    }
  }

  function retryLater(mail: Mail, tries: number, delay: number): void {
    if (isClosed) return
    const timer = setTimeout(() => {
      retries.delete(timer)
      enqueue(() => deliver(mail, tries))
    }, delay)
    timer.unref()
    retries.add(timer)
  }

  return {
    /** Whether there is a mail server. Without one nothing is ever sent. */
    isAvailable: config !== null,

    /** Writes and sends what `write` answers, later; it may answer nothing. */
    send(write: () => Promise<Mail[]>): void {
      if (config === null) return
      enqueue(async () => {
        for (const mail of await write()) enqueue(() => deliver(mail, 0))
      })
    },

    /** Resolves when nothing waits for its first try, for a program that ends once its work is done. */
    async settled(): Promise<void> {
      while (working) await working
    },

    /** Lets go of what waits; resolves when nothing is under way. */
    async close(): Promise<void> {
      isClosed = true
      waiting.length = 0
      for (const timer of retries) clearTimeout(timer)
      await working
      if (transport) (await transport).close()
    },
  }
}

/** Loaded with the first mail: most servers never send one. */
async function openTransport(
  { host, port, security, user, from }: MailConfig,
  password: string | undefined,
): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport(
    {
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
      tls: { minVersion: 'TLSv1.2' },
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } }, // RFC 3834: nobody's holiday answers it
  )
}

interface SmtpFailure {
  code?: string
  responseCode?: number
  command?: string
}

/** The server said no to this mail, and will say no again: RFC 5321 section 4.2.1. */
function isForGood(error: unknown): boolean {
  const { responseCode = 0 } = error as SmtpFailure
  return responseCode >= 500
}

/** Of a failure what names nobody: the server's own words repeat the address. */
function describe(error: unknown): Record<string, unknown> {
  const { code, responseCode, command } = error as SmtpFailure
  return { code, response_code: responseCode, command: command?.split(' ', 1)[0] }
}
