import { z } from 'zod'
import { ofText, personName } from './auth'
import { KEY_SCOPES, type KeyScope, scope } from './scopes'
import { recordedId } from './text'

/** What every key begins with; https://datatracker.ietf.org/doc/html/rfc8959 has the reason for a visible prefix. */
export const API_KEY_PREFIX = 'aur_'
/** 43 characters hold 256 random bits, six more the checksum: what a scanner for leaked secrets looks for. */
export const API_KEY_PATTERN = 'aur_[0-9A-Za-z]{49}'

const MINUTE = 60
const DAY = 86_400
export const KEY_NAME_MAX_LENGTH = 64
export const DEFAULT_KEY_LIFE_SECONDS = 90 * DAY
export const LONGEST_KEY_LIFE_SECONDS = 366 * DAY
export const DEFAULT_GRACE_SECONDS = DAY
export const LONGEST_GRACE_SECONDS = 7 * DAY
export const MOST_ADDRESSES = 20
export const MOST_KEYS = 100

export const keyScope = z.enum(KEY_SCOPES as [KeyScope, ...KeyScope[]])

/** Scopes that change nothing. Whoever makes a key with any other one proves to be there. */
const READING: readonly KeyScope[] = ['account:read', 'ledger:read']
export const canWrite = (scopes: readonly KeyScope[]): boolean => scopes.some((name) => !READING.includes(name))

export const keyName = z
  .string('Give the key a name.')
  .trim()
  .min(1, ofText('Give the key a name.'))
  .max(KEY_NAME_MAX_LENGTH, ofText(`A name has at most ${KEY_NAME_MAX_LENGTH} characters.`))
  .pipe(personName)

const NO_ADDRESS = 'Enter addresses such as 192.0.2.7, or networks such as 192.0.2.0/24.'
/** An IP address, or a network in CIDR notation (RFC 4632). */
export const allowedAddress = z
  .string(NO_ADDRESS)
  .trim()
  .max(64, ofText(NO_ADDRESS))
  .pipe(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], NO_ADDRESS))

export const newApiKey = z
  .object({
    name: keyName,
    scopes: z
      .array(keyScope, 'Choose what the key may do.')
      .min(1, 'Choose what the key may do.')
      .transform((chosen) => KEY_SCOPES.filter((name) => chosen.includes(name))),
    /** From now on; `null`: the key never expires. */
    expires_in_seconds: z
      .int('Choose how long the key lasts.')
      .min(MINUTE, 'A key lasts a minute at least.')
      .max(LONGEST_KEY_LIFE_SECONDS, 'A key that expires lasts a year at most.')
      .nullable()
      .default(DEFAULT_KEY_LIFE_SECONDS),
    /** Where the key is accepted from; `null`: from anywhere. */
    addresses: z
      .array(allowedAddress)
      .min(1, 'Name an address, or allow all of them.')
      .max(MOST_ADDRESSES, `Name ${MOST_ADDRESSES} addresses at most.`)
      .nullable()
      .default(null),
    /** Has to be said of a key that may change something and never expires. */
    write_without_expiry: z.boolean().default(false),
  })
  .refine(
    ({ scopes, expires_in_seconds: life, write_without_expiry: meant }) => life !== null || meant || !canWrite(scopes),
    {
      path: ['write_without_expiry'],
      error: 'A key that may change something expires, unless you say that you want it to last without an end.',
    },
  )
export type NewApiKey = z.output<typeof newApiKey>
export type NewApiKeyRequest = z.input<typeof newApiKey>

export const rotateApiKey = z.object({
  /** How long the secret so far works beside the new one. */
  grace_seconds: z
    .int('Choose how long the old secret goes on working.')
    .min(0, 'A time cannot be negative.')
    .max(LONGEST_GRACE_SECONDS, 'The old secret goes on working for a week at most.')
    .default(DEFAULT_GRACE_SECONDS),
})

/** A key as its owner sees it: everything but its secret. */
export const apiKey = z.strictObject({
  id: z.string(),
  name: z.string(),
  hint: z.string(), // the first characters of the secret
  scopes: z.array(scope),
  scopes_without_effect: z.array(scope), // those of them that the role of the owner does not include now
  addresses: z.array(z.string()).nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  is_expired: z.boolean(),
  last_used_at: z.iso.datetime().nullable(), // within a minute
  last_used_address: z.string().nullable(),
  /** The secret before the last rotation, as long as it still works. */
  previous: z
    .strictObject({
      hint: z.string(),
      works_until: z.iso.datetime(),
      last_used_at: z.iso.datetime().nullable(),
    })
    .nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

export const apiKeyList = z.strictObject({
  api_keys: z.array(apiKey),
  total: z.int().nonnegative(),
  next_cursor: z.null(), // a person's keys fit one page
})
export type ApiKeyList = z.infer<typeof apiKeyList>

/** Shown once: afterwards nobody can read the secret again. */
export const issuedApiKey = z.strictObject({ api_key: apiKey, secret: z.string() })
export type IssuedApiKey = z.infer<typeof issuedApiKey>

export const apiKeyParams = z.object({ id: recordedId })
