import { hkdfSync } from 'node:crypto'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { PASSWORD_MIN_LENGTH } from '../contracts/auth'
import { type RegistrationMode, registrationMode } from '../contracts/registration'
import { type MailConfig, mailConfig, mailFaults, mailShape } from './mail/mail-settings'
import { isPlaceholderSecret } from './placeholder-secret'
import type { SigningKey } from './signing-keys'
import { EXIT, StartError } from './start-error'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const TOKEN_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const

export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

export type DatabaseConfig =
  | {
      dialect: 'sqlite'
      storage: string
      echo: boolean
      /** How often to look for changes of other processes that nobody tells of; twice a second. */
      lookEveryMs?: number
    }
  | { dialect: 'postgres'; host: string; port: number; name: string; user: string; ssl: boolean; echo: boolean }

/** Everything a server needs to know; no secret is in it, so it may be logged. */
export interface ServerConfig {
  version: string
  host: string
  port: number
  /** What to do when the port is taken: refuse, or take any free one (the desktop). */
  portTaken: 'refuse' | 'take-another'
  /** Names besides loopback under which clients may reach the server; needed where `host` is not loopback. */
  allowedHosts: string[]
  allowedOrigins: string[]
  database: DatabaseConfig
  tokens: { algorithm: TokenAlgorithm; lifetimeSeconds: number }
  bcryptRounds: number
  /** Who may make an account: everybody, whoever was invited, or nobody. */
  registration: RegistrationMode
  /** How many characters a new password has at least; the contract's 8, or more. */
  passwordMinLength: number
  /** The mail server; `null`: nothing is sent. */
  mail: MailConfig | null
  /** The address people open, for links that leave the page; `null`: none is known but that of the request. */
  publicUrl: string | null
  log: { level: (typeof LOG_LEVELS)[number]; folder: string | null } // null: stdout
  /** Where the built dashboard lies; null serves the API alone. */
  rendererFolder: string | null
  /** Where to write the address in use; null writes none. */
  runtimeFile: string | null
}

export interface ServerSecrets {
  /** Sign tokens and check them; at least one signs. */
  signingKeys: SigningKey[]
  /** Protects what rests in the database encrypted; 32 bytes or more. Without it nothing is kept that needs one. */
  dataKey?: Uint8Array | undefined
  databasePassword?: string | undefined
  mailPassword?: string | undefined
  /** Seal the audit log, 32 bytes or more each: the first one writes, all of them check. Else one follows from a key that lasts. */
  auditKeys?: [Uint8Array, ...Uint8Array[]] | undefined
}

/** What the person did not set, because it follows from how the program was started. */
export interface Surroundings {
  version: string
  dataFolder: string
  logFolder: string | null
  rendererFolder: string | null
  portTaken: ServerConfig['portTaken']
}

export interface Configuration {
  config: ServerConfig
  secrets: {
    signingKeys?: SigningKey[] | undefined
    dataKey?: Uint8Array | undefined
    databasePassword?: string | undefined
    mailPassword?: string | undefined
  }
}

const DATA_KEY_LABEL = 'aurelius/data-key/v1'
// Conda and some shells export it with the name of the machine's kind.
const HOST_OF_A_SHELL = ' (some shells set HOST by themselves: unset it there, or set it yourself)'
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1'])
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i

const wholeNumber = (from: number, to: number) => {
  const expected = `a whole number from ${from} to ${to}`
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected)
}

const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'], 'true or false'))
  .transform((value) => ['true', '1', 'yes', 'on'].includes(value))

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

const secretKey = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= 32, 'at least 32 bytes of random text')
  .refine(
    (value) => Buffer.byteLength(value) < 32 || !isPlaceholderSecret(value),
    'a secret of your own, not a placeholder',
  )

function isHost(value: string): boolean {
  return isIP(value) !== 0 || HOST_NAME.test(value)
}

function isOrigin(value: string): boolean {
  try {
    const url = new URL(value)
    return /^https?:$/.test(url.protocol) && url.origin === value && !value.includes('*')
  } catch {
    return false
  }
}

const settingsShape = z.object({
  DB_DIALECT: z.enum(['sqlite', 'postgres'], 'sqlite or postgres').default('sqlite'),
  DB_STORAGE: z
    .string()
    .refine((value) => value !== ':memory:', 'the path of a file')
    .optional(),
  DB_HOST: z.string().default('localhost'),
  DB_PORT: wholeNumber(1, 65_535).default(5432),
  DB_NAME: z.string().optional(),
  DB_USER: z.string().optional(),
  DB_PASSWORD: z.string().optional(),
  DB_SSL: flag.default(false),
  DB_ECHO: flag.default(false),
  SECRET_KEY: secretKey.optional(),
  SECRET_KEY_PREVIOUS: secretKey.optional(),
  DATA_KEY: secretKey.optional(),
  ALGORITHM: z.enum(TOKEN_ALGORITHMS, TOKEN_ALGORITHMS.join(', ')).default('HS256'),
  ACCESS_TOKEN_EXPIRE_MINUTES: wholeNumber(1, 43_200).default(30),
  BCRYPT_ROUNDS: wholeNumber(10, 20).default(12),
  REGISTRATION: z
    .string()
    .toLowerCase()
    .pipe(z.enum(registrationMode.options, 'open, invitation or closed'))
    .default('open'),
  HOST: z
    .string()
    .refine(isHost, `an IP address or a host name${HOST_OF_A_SHELL}`)
    .transform(canonicalHost)
    .default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8000),
  ALLOWED_HOSTS: list
    .refine((names) => names.every(isHost), 'host names separated by commas, without ports')
    .default([]),
  ALLOWED_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      'origins such as https://research.example, separated by commas, no wildcard',
    )
    .default([]),
  PASSWORD_MIN_LENGTH: wholeNumber(PASSWORD_MIN_LENGTH, 64).default(PASSWORD_MIN_LENGTH),
  PUBLIC_URL: z.string().refine(isOrigin, 'the address people open, such as https://research.example').optional(),
  ...mailShape(
    z.string().refine(isHost, 'an IP address or a host name').transform(canonicalHost),
    wholeNumber(1, 65_535),
  ),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(LOG_LEVELS, LOG_LEVELS.join(', ')))
    .default('info'),
})

export const SETTING_NAMES = Object.keys(settingsShape.shape)

export function isLoopback(host: string): boolean {
  const name = canonicalHost(host)
  return LOOPBACK_NAMES.has(name) || (isIP(name) === 4 && name.startsWith('127.'))
}

/** A host in the one spelling that counts: in lower case, an IPv6 address at its shortest. */
function canonicalHost(host: string): string {
  if (isIP(host) !== 6 || host.includes('%')) return host.toLowerCase()
  return new URL(`http://[${host}]`).hostname.slice(1, -1)
}

/**
 * Turns settings into a configuration, or says everything that is wrong with them at once. Values are never repeated.
 *
 * @throws {StartError} exit code 78, one line per fault with the variable and what was expected
 */
export function readConfig(settings: Record<string, string | undefined>, surroundings: Surroundings): Configuration {
  const parsed = settingsShape.safeParse(settings)
  const issues = parsed.error?.issues ?? []
  const faults = [...issues.map(({ path, message }) => fault(path.join('.'), message)), ...faultsBetween(settings)]
  if (!parsed.success || faults.length > 0)
    throw new StartError(
      EXIT.config,
      `Aurelius cannot start with these settings; correct them and start again:\n${faults.join('\n')}`,
    )
  const given = parsed.data
  return {
    config: {
      version: surroundings.version,
      host: given.HOST,
      port: given.PORT,
      portTaken: surroundings.portTaken,
      allowedHosts: given.ALLOWED_HOSTS.map((name) => name.toLowerCase()),
      allowedOrigins: given.ALLOWED_ORIGINS,
      database: databaseConfig(given, surroundings.dataFolder),
      tokens: { algorithm: given.ALGORITHM, lifetimeSeconds: given.ACCESS_TOKEN_EXPIRE_MINUTES * 60 },
      bcryptRounds: given.BCRYPT_ROUNDS,
      registration: given.REGISTRATION,
      passwordMinLength: given.PASSWORD_MIN_LENGTH,
      mail: mailConfig(given),
      publicUrl: given.PUBLIC_URL ?? null,
      log: { level: given.LOG_LEVEL, folder: surroundings.logFolder },
      rendererFolder: surroundings.rendererFolder,
      runtimeFile: join(surroundings.dataFolder, 'runtime.json'),
    },
    secrets: {
      signingKeys: signingKeysFrom(given.SECRET_KEY, given.SECRET_KEY_PREVIOUS),
      dataKey: given.SECRET_KEY === undefined ? undefined : dataKeyFrom(given.DATA_KEY ?? given.SECRET_KEY),
      databasePassword: given.DB_PASSWORD,
      mailPassword: given.SMTP_PASSWORD,
    },
  }
}

/** A key of its own from the one secret a person sets: what one key reveals says nothing about the other. */
function dataKeyFrom(secretKey: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, '', DATA_KEY_LABEL, 32))
}

/** A key that is a setting has no time: it signs as long as it is the setting, and the one before checks as long. */
function signingKeysFrom(current: string | undefined, previous: string | undefined): SigningKey[] | undefined {
  if (current === undefined) return undefined
  const checking = previous === undefined ? [] : [{ key: Buffer.from(previous), signsFrom: null }]
  return [{ key: Buffer.from(current), signsFrom: 0 }, ...checking]
}

const fault = (variable: string, expected: string) => `  ${variable}: expected ${expected}`

/** What is wrong with settings only together. Looked for in the text itself, so that no other fault hides it. */
function* faultsBetween(settings: Record<string, string | undefined>): Generator<string> {
  const allowedHosts = list.parse(settings.ALLOWED_HOSTS ?? '').map((name) => name.toLowerCase())
  if (settings.DB_DIALECT === 'postgres') {
    if (!settings.DB_NAME) yield fault('DB_NAME', 'the name of the Postgres database')
    if (!settings.DB_USER) yield fault('DB_USER', 'the Postgres user to sign in as')
  }
  if (settings.SECRET_KEY_PREVIOUS && !settings.DATA_KEY)
    yield fault('DATA_KEY', 'the first SECRET_KEY, because data was encrypted with what follows from it')
  if (settings.SECRET_KEY_PREVIOUS && !settings.SECRET_KEY)
    yield fault('SECRET_KEY', 'the key that signs now, because SECRET_KEY_PREVIOUS only checks what was signed before')
  const publicHost = settings.PUBLIC_URL && isOrigin(settings.PUBLIC_URL) && new URL(settings.PUBLIC_URL).hostname
  if (publicHost && !isLoopback(publicHost.replace(/^\[|\]$/g, '')) && !allowedHosts.includes(publicHost))
    yield fault('ALLOWED_HOSTS', 'the name in PUBLIC_URL among the others, or links to it are not answered')
  for (const [variable, expected] of mailFaults(settings, isLoopback)) yield fault(variable, expected)
  const isOpen = settings.HOST !== undefined && isHost(settings.HOST) && !isLoopback(settings.HOST)
  if (isOpen && allowedHosts.length === 0)
    yield fault(
      'ALLOWED_HOSTS',
      `the names clients use for this server, because HOST opens it to other machines${HOST_OF_A_SHELL}`,
    )
}

function databaseConfig(given: z.infer<typeof settingsShape>, dataFolder: string): DatabaseConfig {
  const { DB_HOST: host, DB_PORT: port, DB_NAME: name, DB_USER: user, DB_SSL: ssl, DB_ECHO: echo } = given
  if (given.DB_DIALECT === 'postgres' && name && user) return { dialect: 'postgres', host, port, name, user, ssl, echo }
  return { dialect: 'sqlite', storage: resolve(given.DB_STORAGE ?? join(dataFolder, 'aurelius.db')), echo }
}
