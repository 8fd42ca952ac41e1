import { z } from 'zod'
import { email } from '../../contracts/auth'

const ADDRESS = /^(?:"?([^"<>\p{Cc}]{0,100}?)"?\s*<([^<>]+)>|([^<>]+))$/u
const SECURITIES = ['starttls', 'tls', 'none'] as const
type Security = (typeof SECURITIES)[number]
// RFC 8314 section 7.3 and RFC 6409 section 3.1; without TLS it can only be a relay of one's own.
const PORTS: Record<Security, number> = { starttls: 587, tls: 465, none: 25 }

/** How mail leaves; the password is a secret and elsewhere. */
export interface MailConfig {
  host: string
  port: number
  /** `starttls` begins in the clear and goes on only once it is encrypted, `tls` is encrypted from the start. */
  security: Security
  user: string | null
  from: { name: string; address: string }
}

/** Whom mail is from: an address, with a name in front where there is one. */
function readSender(text: string): MailConfig['from'] | undefined {
  const [, name = '', named, bare = ''] = ADDRESS.exec(text) ?? []
  const address = email.safeParse(named ?? bare)
  return address.success ? { name: name.trim() || 'Aurelius', address: address.data } : undefined
}

/** The settings about mail, to be spread into the shape of all of them. */
export function mailShape<Host extends z.ZodType, Port extends z.ZodType>(host: Host, port: Port) {
  return {
    SMTP_HOST: host.optional(),
    SMTP_PORT: port.optional(),
    SMTP_USER: z.string().optional(),
    SMTP_PASSWORD: z.string().optional(),
    SMTP_FROM: z
      .string()
      .transform((text) => readSender(text))
      .refine((sender) => sender !== undefined, 'an e-mail address, such as Aurelius <aurelius@research.example>')
      .optional(),
    SMTP_TLS: z
      .string()
      .toLowerCase()
      .pipe(z.enum(SECURITIES, SECURITIES.join(', ')))
      .default('starttls'),
  }
}

type Settings = Record<string, string | undefined>
export type Faults = Generator<[variable: string, expected: string]>

/** What is wrong with settings about mail only together. */
export function* mailFaults(settings: Settings, isLoopback: (host: string) => boolean): Faults {
  const { SMTP_HOST: host, SMTP_USER: user, SMTP_PASSWORD: password } = settings
  const first = Object.keys(settings).find((name) => name.startsWith('SMTP_') && settings[name])
  if (!host) {
    if (first) yield ['SMTP_HOST', `the mail server, because ${first} is set`]
    return
  }
  if (!settings.SMTP_FROM) yield ['SMTP_FROM', 'whom mail is from, because SMTP_HOST is set']
  if (!settings.PUBLIC_URL) yield ['PUBLIC_URL', 'the address that links in mail lead to, because SMTP_HOST is set']
  if (user && !password) yield ['SMTP_PASSWORD', 'the password of SMTP_USER']
  if (password && !user) yield ['SMTP_USER', 'whose SMTP_PASSWORD it is']
  if (settings.SMTP_TLS?.toLowerCase() === 'none' && user && !isLoopback(host))
    yield ['SMTP_TLS', 'starttls or tls, because SMTP_PASSWORD is not to be sent in the clear']
}

/** `null`: there is no mail server, and what needs one is not offered. */
export function mailConfig(given: {
  SMTP_HOST?: string | undefined
  SMTP_PORT?: number | undefined
  SMTP_USER?: string | undefined
  SMTP_FROM?: MailConfig['from'] | undefined
  SMTP_TLS: Security
}): MailConfig | null {
  const { SMTP_HOST: host, SMTP_FROM: from, SMTP_TLS: security } = given
  if (host === undefined || from === undefined) return null
  return { host, port: given.SMTP_PORT ?? PORTS[security], security, user: given.SMTP_USER ?? null, from }
}
