import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { readConfig, type Surroundings } from '../../server/config'
import { StartError } from '../../server/start-error'

const surroundings: Surroundings = {
  version: '1.2.3',
  dataFolder: '/data',
  logFolder: '/logs',
  rendererFolder: '/renderer',
  portTaken: 'refuse',
}
const RANDOM = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'

// In two halves, so that nobody takes it for one of ours.
const FROM_A_TUTORIAL = `09d25e094faa6ca2556c818166b7a956${'3b93f7099f6f0f4caa6cf63b88e8d3e7'}`
const HOST_EXPECTED =
  'an IP address or a host name (some shells set HOST by themselves: unset it there, or set it yourself)'

const read = (settings: Record<string, string>) => readConfig(settings, surroundings)

function faultsOf(settings: Record<string, string>): {
  exitCode: number
  first: string
  faults: string[]
  text: string
} {
  try {
    read(settings)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const [first = '', ...faults] = error.message.split('\n')
    return { exitCode: error.exitCode, first, faults, text: error.message + JSON.stringify(error.cause ?? '') }
  }
  throw new Error('these settings were accepted')
}

test('without any setting everything has its default, and there is no key', () => {
  expect(read({})).toStrictEqual({
    config: {
      version: '1.2.3',
      host: '127.0.0.1',
      port: 8000,
      portTaken: 'refuse',
      allowedHosts: [],
      allowedOrigins: [],
      database: { dialect: 'sqlite', storage: '/data/aurelius.db', echo: false },
      tokens: { algorithm: 'HS256', lifetimeSeconds: 1800 },
      bcryptRounds: 12,
      registration: 'open',
      passwordMinLength: 8,
      mail: null,
      publicUrl: null,
      log: { level: 'info', folder: '/logs' },
      rendererFolder: '/renderer',
      runtimeFile: '/data/runtime.json',
    },
    secrets: { signingKeys: undefined, dataKey: undefined, databasePassword: undefined, mailPassword: undefined },
  })
})

test('every setting arrives where it belongs, and no secret in the configuration', () => {
  const { config, secrets } = read({
    DB_DIALECT: 'postgres',
    DB_HOST: 'db.example',
    DB_PORT: '6543',
    DB_NAME: 'ledger',
    DB_USER: 'analyst',
    DB_PASSWORD: 'Marker5ecret',
    DB_SSL: 'TRUE',
    DB_ECHO: 'yes',
    SECRET_KEY: RANDOM,
    ALGORITHM: 'HS512',
    ACCESS_TOKEN_EXPIRE_MINUTES: '5',
    BCRYPT_ROUNDS: '13',
    REGISTRATION: 'Invitation',
    PASSWORD_MIN_LENGTH: '15',
    PUBLIC_URL: 'https://desk.example',
    SMTP_HOST: 'Mail.Example',
    SMTP_USER: 'aurelius',
    SMTP_PASSWORD: 'Mail5ecret',
    SMTP_FROM: '"The research desk" <Desk@Research.example>',
    SMTP_TLS: 'TLS',
    HOST: '0.0.0.0',
    PORT: '9000',
    ALLOWED_HOSTS: 'Desk.Example, 10.0.0.5',
    ALLOWED_ORIGINS: 'https://a.example,http://b.example:3000',
    LOG_LEVEL: 'debug',
  })

  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 9000,
    allowedHosts: ['desk.example', '10.0.0.5'],
    allowedOrigins: ['https://a.example', 'http://b.example:3000'],
    tokens: { algorithm: 'HS512', lifetimeSeconds: 300 },
    bcryptRounds: 13,
    registration: 'invitation',
    passwordMinLength: 15,
    publicUrl: 'https://desk.example',
    mail: {
      host: 'mail.example',
      port: 465,
      security: 'tls',
      user: 'aurelius',
      from: { name: 'The research desk', address: 'desk@research.example' },
    },
    log: { level: 'debug' },
  })
  expect(config.database).toStrictEqual({
    dialect: 'postgres',
    host: 'db.example',
    port: 6543,
    name: 'ledger',
    user: 'analyst',
    ssl: true,
    echo: true,
  })
  expect(JSON.stringify(config)).not.toMatch(/5ecret|uK3vXy/)
  expect(secrets).toStrictEqual({
    signingKeys: [{ key: Buffer.from(RANDOM), signsFrom: 0 }],
    dataKey: expect.any(Uint8Array),
    databasePassword: 'Marker5ecret',
    mailPassword: 'Mail5ecret',
  })
  expect(secrets.dataKey).toHaveLength(32)
  expect(Buffer.from(secrets.dataKey ?? '').includes(RANDOM)).toBe(false)
})

test.each<[variable: string, value: string, expected: string, named?: string]>([
  ['DB_DIALECT', 'Mysql', 'sqlite or postgres'],
  ['REGISTRATION', 'private', 'open, invitation or closed'],
  ['DB_STORAGE', ':memory:', 'the path of a file'],
  ['DB_PORT', '0', 'a whole number from 1 to 65535'],
  ['DB_PORT', '65536', 'a whole number from 1 to 65535'],
  ['DB_PORT', '54.32', 'a whole number from 1 to 65535'],
  ['DB_PORT', 'Marker', 'a whole number from 1 to 65535'],
  ['DB_SSL', 'perhaps', 'true or false'],
  ['DB_ECHO', '2', 'true or false'],
  ['ALGORITHM', 'none', 'HS256, HS384, HS512'],
  ['ALGORITHM', 'RS256', 'HS256, HS384, HS512'],
  ['ALGORITHM', 'hs256', 'HS256, HS384, HS512'],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', '0', 'a whole number from 1 to 43200'],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', '-30', 'a whole number from 1 to 43200'],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', '1e3', 'a whole number from 1 to 43200'],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', '99999999999', 'a whole number from 1 to 43200'],
  ['BCRYPT_ROUNDS', '9', 'a whole number from 10 to 20'],
  ['BCRYPT_ROUNDS', '21', 'a whole number from 10 to 20'],
  ['BCRYPT_ROUNDS', '0x0c', 'a whole number from 10 to 20'],
  ['HOST', 'http://127.0.0.1', HOST_EXPECTED],
  ['HOST', '127.0.0.1:8000', HOST_EXPECTED],
  ['HOST', 'x86_64-conda-linux-gnu', HOST_EXPECTED],
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '80 80', 'a whole number from 0 to 65535'],
  ['ALLOWED_HOSTS', '*', 'host names separated by commas, without ports'],
  ['ALLOWED_HOSTS', 'a.example:8000', 'host names separated by commas, without ports'],
  ['ALLOWED_ORIGINS', '*', 'origins such as https://research.example, separated by commas, no wildcard'],
  [
    'ALLOWED_ORIGINS',
    'https://*.example',
    'origins such as https://research.example, separated by commas, no wildcard',
  ],
  ['ALLOWED_ORIGINS', 'null', 'origins such as https://research.example, separated by commas, no wildcard'],
  [
    'ALLOWED_ORIGINS',
    'https://a.example/',
    'origins such as https://research.example, separated by commas, no wildcard',
  ],
  [
    'ALLOWED_ORIGINS',
    'https://u:p@a.example',
    'origins such as https://research.example, separated by commas, no wildcard',
  ],
  ['ALLOWED_ORIGINS', 'file://', 'origins such as https://research.example, separated by commas, no wildcard'],
  ['LOG_LEVEL', 'loud', 'trace, debug, info, warn, error, fatal, silent'],
  ['PASSWORD_MIN_LENGTH', '7', 'a whole number from 8 to 64'],
  ['PASSWORD_MIN_LENGTH', '65', 'a whole number from 8 to 64'],
  ['PUBLIC_URL', 'desk.example', 'the address people open, such as https://research.example'],
  ['PUBLIC_URL', 'https://desk.example/aurelius', 'the address people open, such as https://research.example'],
  ['PUBLIC_URL', 'ftp://desk.example', 'the address people open, such as https://research.example'],
  [
    'PUBLIC_URL',
    'https://desk.example',
    'the name in PUBLIC_URL among the others, or links to it are not answered',
    'ALLOWED_HOSTS',
  ],
  ['SECRET_KEY', 'too short, but Marker', 'at least 32 bytes of random text'],
  ['SECRET_KEY', 'your-super-secret-key-change-in-production', 'a secret of your own, not a placeholder'],
  ['SECRET_KEY', 'your-secret-key-here-your-secret-key-here', 'a secret of your own, not a placeholder'],
  ['SECRET_KEY', 'CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME', 'a secret of your own, not a placeholder'],
  ['SECRET_KEY', 'a'.repeat(64), 'a secret of your own, not a placeholder'],
  ['SECRET_KEY', FROM_A_TUTORIAL, 'a secret of your own, not a placeholder'],
  ...[
    '<generate-a-random-key-of-48-bytes-with-openssl>',
    'TODO: put a random key of 32 bytes or more here',
    'insecure-development-secret-key-1234',
    'supersecretkeysupersecretkey12345678',
    'my-secret-key-for-development-only-1',
    'changeit-changeit-changeit-changeit-',
    'password123password123password123password123',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789'.repeat(4),
    'a1b2c3d4e5'.repeat(4),
  ].map((key): [string, string, string] => ['SECRET_KEY', key, 'a secret of your own, not a placeholder']),
  ['SECRET_KEY', '0123456701234567012345670123456701234567', 'a secret of your own, not a placeholder'],
])('%s=%s is refused', (variable, value, expected, named = variable) => {
  const { exitCode, faults, text } = faultsOf({ [variable]: value })

  expect(exitCode).toBe(78)
  expect(faults).toEqual([`  ${named}: expected ${expected}`])
  if (value.length > 3 && !expected.includes(value)) expect(text).not.toContain(value)
})

test('one message lists every fault, those between settings included, and none of the values', () => {
  const { exitCode, first, faults, text } = faultsOf({
    DB_DIALECT: 'postgres',
    DB_PASSWORD: 'Marker-password',
    DB_PORT: 'Marker-port',
    DB_ECHO: 'Marker-echo',
    SECRET_KEY: 'Marker-key',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'Marker-level',
  })

  expect(exitCode).toBe(78)
  expect(first).toBe('Aurelius cannot start with these settings; correct them and start again:')
  expect(faults.map((fault) => fault.trim().split(':')[0]).sort()).toEqual([
    'ALLOWED_HOSTS',
    'DB_ECHO',
    'DB_NAME',
    'DB_PORT',
    'DB_USER',
    'LOG_LEVEL',
    'SECRET_KEY',
  ])
  for (const fault of faults) expect(fault).toMatch(/^ {2}[A-Z_]+: expected [^\n]+$/)
  expect(text).not.toContain('Marker')
})

test.each([
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.10', false],
  ['desk.example', false],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
])('HOST=%s without ALLOWED_HOSTS is loopback and accepted: %s', (HOST, accepted) => {
  if (accepted) expect(read({ HOST }).config.host).toBe(HOST)
  else expect(faultsOf({ HOST }).faults.join()).toMatch(/ALLOWED_HOSTS: expected the names clients use/)
  expect(read({ HOST, ALLOWED_HOSTS: 'desk.example' }).config.host).toBe(HOST)
})

test('no random key is taken for a placeholder', () => {
  for (let turn = 0; turn < 5_000; turn += 1)
    for (const key of [
      randomBytes(24).toString('base64'),
      randomBytes(32).toString('base64url'),
      randomBytes(48).toString('base64'),
      randomBytes(16).toString('hex'),
      randomBytes(32).toString('hex'),
    ])
      expect(read({ SECRET_KEY: key }).secrets.signingKeys?.[0]?.key.toString()).toBe(key)
})

test.each([
  ['LOCALHOST', 'localhost'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['0:0:0:0:0:0:0:0', '::'],
])('HOST=%s is %s', (HOST, host) => {
  const ALLOWED_HOSTS = host === '::' ? 'desk.example' : ''
  expect(read({ HOST, ALLOWED_HOSTS }).config.host).toBe(host)
})

test('a level of the log may be in capitals', () => {
  expect(read({ LOG_LEVEL: 'WARN' }).config.log.level).toBe('warn')
})

test('a key that was a setting before only checks, and what is encrypted keeps the key it had', () => {
  const [old, next] = [RANDOM, [...RANDOM].reverse().join('')]
  const before = read({ SECRET_KEY: old })
  const { secrets } = read({ SECRET_KEY: next, SECRET_KEY_PREVIOUS: old, DATA_KEY: old })

  expect(secrets.signingKeys).toEqual([
    { key: Buffer.from(next), signsFrom: 0 },
    { key: Buffer.from(old), signsFrom: null },
  ])
  expect(secrets.dataKey).toEqual(before.secrets.dataKey)
  expect(read({ SECRET_KEY: next }).secrets.dataKey).not.toEqual(before.secrets.dataKey)
})

test.each<[string, Record<string, string>, string]>([
  ['no DATA_KEY', { SECRET_KEY: RANDOM, SECRET_KEY_PREVIOUS: RANDOM }, 'DATA_KEY'],
  ['no SECRET_KEY', { SECRET_KEY_PREVIOUS: RANDOM, DATA_KEY: RANDOM }, 'SECRET_KEY'],
  ['a short one', { SECRET_KEY: RANDOM, SECRET_KEY_PREVIOUS: 'Marker', DATA_KEY: RANDOM }, 'SECRET_KEY_PREVIOUS'],
  ['a short DATA_KEY', { SECRET_KEY: RANDOM, DATA_KEY: 'Marker' }, 'DATA_KEY'],
])('a previous key with %s is refused', (_what, settings, variable) => {
  const { faults, text } = faultsOf(settings)

  expect(faults).toEqual([expect.stringMatching(new RegExp(`^  ${variable}: expected `))])
  expect(text).not.toContain(RANDOM)
  expect(text).not.toContain('Marker')
})
const MAIL = { SMTP_HOST: 'mail.example', SMTP_FROM: 'desk@research.example', PUBLIC_URL: 'http://127.0.0.1:8000' }

test.each<[what: string, changes: Record<string, string | undefined>, fault: string]>([
  ['no sender', { SMTP_FROM: undefined }, 'SMTP_FROM: expected whom mail is from, because SMTP_HOST is set'],
  [
    'no address for links',
    { PUBLIC_URL: undefined },
    'PUBLIC_URL: expected the address that links in mail lead to, because SMTP_HOST is set',
  ],
  ['no server', { SMTP_HOST: undefined }, 'SMTP_HOST: expected the mail server, because SMTP_FROM is set'],
  ['a user alone', { SMTP_USER: 'desk' }, 'SMTP_PASSWORD: expected the password of SMTP_USER'],
  ['a password alone', { SMTP_PASSWORD: 'Marker' }, 'SMTP_USER: expected whose SMTP_PASSWORD it is'],
  [
    'a password in the clear',
    { SMTP_USER: 'desk', SMTP_PASSWORD: 'Marker', SMTP_TLS: 'none' },
    'SMTP_TLS: expected starttls or tls, because SMTP_PASSWORD is not to be sent in the clear',
  ],
  ['a word for TLS', { SMTP_TLS: 'ssl' }, 'SMTP_TLS: expected starttls, tls, none'],
  ['a server with its port', { SMTP_HOST: 'mail.example:25' }, 'SMTP_HOST: expected an IP address or a host name'],
  ['a port that is none', { SMTP_PORT: '0' }, 'SMTP_PORT: expected a whole number from 1 to 65535'],
  ...['Marker', 'Marker <desk>', 'a@b.example, c@d.example', 'X\r\nBcc: <a@b.example>', '<a@b.example> Marker'].map(
    (from): [string, Record<string, string>, string] => [
      `the sender ${from}`,
      { SMTP_FROM: from },
      'SMTP_FROM: expected an e-mail address, such as Aurelius <aurelius@research.example>',
    ],
  ),
])('mail with %s is refused', (_what, changes, fault) => {
  const settings = Object.entries({ ...MAIL, ...changes }).filter(([, value]) => value !== undefined)
  const { faults, text } = faultsOf(Object.fromEntries(settings as [string, string][]))

  expect(faults).toEqual([`  ${fault}`])
  expect(text).not.toContain('Marker')
})

test.each([
  ['starttls', 587],
  ['tls', 465],
  ['none', 25],
])('mail with SMTP_TLS=%s leaves by port %i', (SMTP_TLS, port) => {
  expect(read({ ...MAIL, SMTP_TLS }).config.mail).toEqual({
    host: 'mail.example',
    port,
    security: SMTP_TLS,
    user: null,
    from: { name: 'Aurelius', address: 'desk@research.example' },
  })
  expect(read({ ...MAIL, SMTP_TLS, SMTP_PORT: '2525' }).config.mail?.port).toBe(2525)
})
