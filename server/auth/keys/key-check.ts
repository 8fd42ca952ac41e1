import type { Role, Scope } from '../../../contracts/scopes'
import type { RequestOrigin } from '../../audit/actor'
import type { Database } from '../../db/database'
import { AppError, UnauthenticatedError } from '../../errors'
import type { Log } from '../../log'
import type { Requirement } from '../factors/requirement'
import type { KeyPrincipal } from '../principal'
import { createRecent } from '../recent'
import { databaseUnavailable } from '../refusals'
import { scopesOf, untilEnrolled } from '../role-scopes'
import { isYes, toRole } from '../user-rows'
import { createAddressTest } from './address-list'
import type { KeyEvents, RefusalReason } from './key-events'
import { toAddresses, toKeyScopes } from './key-rows'
import { hashOfKey, isKeyText } from './key-text'

const MOST_REMEMBERED = 4096
const USE_NOTED_EVERY_MS = 60_000
const COLUMNS = `s.key_id, s.works_until, s.last_used_at, k.user_id, k.scopes, k.addresses, k.expires_at, k.revoked_at,
  u.role, u.is_active, (EXISTS (SELECT 1 FROM totp_factors t WHERE t.user_id = k.user_id AND t.confirmed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = k.user_id)) AS has_factor`
const TABLES = 'api_key_secrets s JOIN api_keys k ON k.id = s.key_id JOIN users u ON u.id = k.user_id'

/** A key that was looked up and counts. */
interface KnownKey {
  keyId: string
  userId: string
  hash: string
  role: Role
  scopes: ReadonlySet<Scope>
  isOwnerProtected: boolean // by a second factor
  endsAt: number // milliseconds since 1970
  isAllowedFrom: ((address: string) => boolean) | null
  usedAt: number // when its use was noted last
}

/** Does a look-up as an attempt that may fail only so often. */
export type AttemptGuard = (account: string, lookUp: () => Promise<KeyPrincipal>) => Promise<KeyPrincipal>

export interface KeyCheckDependencies {
  database: Database
  events: KeyEvents
  requirement: Pick<Requirement, 'isRequired'>
  isCurrent(): boolean
  log: Log
  now(): number
}

export type KeyCheck = ReturnType<typeof createKeyCheck>

/**
 * Checks API keys. One that passed is remembered by its hash until something about its owner or their keys changes, so
 * that its next use costs a hash and a look into memory; times and address are checked at each use.
 */
export function createKeyCheck({ database, events, requirement, isCurrent, log, now }: KeyCheckDependencies) {
  const { ApiKey, ApiKeySecret } = database.models
  const findByHash = database.prepareRead({
    name: 'api-key-by-hash',
    sqlite: `SELECT ${COLUMNS} FROM ${TABLES} WHERE s.hash = ?1`,
    postgres: `SELECT ${COLUMNS} FROM ${TABLES} WHERE s.hash = $1`,
  })
  const known = createRecent<KnownKey>(MOST_REMEMBERED)
  const notes = new Set<Promise<void>>()
  let generation = 0

  async function noteUse(key: KnownKey, origin: RequestOrigin): Promise<void> {
    const used = { lastUsedAt: new Date(now()), lastUsedAddress: origin.address.slice(0, 64) }
    await database.write(async (transaction) => {
      const [first] = await ApiKey.update(used, { where: { id: key.keyId, lastUsedAt: null }, transaction })
      if (first === 1) events.firstUsed(key, origin, transaction)
      else await ApiKey.update(used, { where: { id: key.keyId }, transaction })
      await ApiKeySecret.update({ lastUsedAt: used.lastUsedAt }, { where: { hash: key.hash }, transaction })
    })
  }

  /** Behind the answer, and once a minute: nobody waits for the disk because of it. */
  function markUsed(key: KnownKey, origin: RequestOrigin): void {
    if (now() - key.usedAt < USE_NOTED_EVERY_MS) return
    key.usedAt = now()
    const note = noteUse(key, origin).catch((error) => log.warn({ err: error }, 'the use of an API key was not noted'))
    notes.add(note)
    note.then(() => notes.delete(note))
  }

  function refuse(reason: RefusalReason, key: { keyId: string; userId: string } | undefined, origin: RequestOrigin) {
    events.refused(reason, key, origin)
    return reason === 'address' ? addressNotAllowed() : notAKey()
  }

  function use(key: KnownKey, origin: RequestOrigin): KeyPrincipal {
    if (key.endsAt <= now()) {
      known.delete(key.hash)
      throw refuse('expired', key, origin)
    }
    if (key.isAllowedFrom && !key.isAllowedFrom(origin.address)) throw refuse('address', key, origin)
    if (!isCurrent()) throw databaseUnavailable()
    markUsed(key, origin)
    const { userId, keyId, role } = key
    const mustEnrol = !key.isOwnerProtected && requirement.isRequired()
    const scopes = mustEnrol ? untilEnrolled(key.scopes) : key.scopes
    return { kind: 'key', userId, keyId, role, scopes, mustEnrol, origin } as KeyPrincipal
  }

  async function lookUp(hash: string, origin: RequestOrigin): Promise<KeyPrincipal> {
    const asked = generation
    const row = await findByHash([hash])
    if (!row) throw refuse('unknown', undefined, origin)
    const key = toKnownKey(row, hash)
    const reason = whyNot(row, key, now())
    if (reason) throw refuse(reason, key, origin)
    // A change that came while the row was being read may be newer than the row.
    if (asked === generation) known.set(hash, key)
    return use(key, origin)
  }

  return {
    /**
     * The principal of a key: at once where the key is known, else after one indexed query. A text whose checksum is wrong
     * costs no query.
     *
     * @throws {UnauthenticatedError} `invalid_token`: no key, or one that is revoked or expired, or its owner is not active
     * @throws {AppError} `address_not_allowed`; `database_unavailable` for too long to know whether it was revoked elsewhere
     */
    authenticate(text: string, origin: RequestOrigin, guard: AttemptGuard): KeyPrincipal | Promise<KeyPrincipal> {
      const hash = hashOfKey(text)
      const key = known.get(hash)
      if (key) return use(key, origin)
      if (!isKeyText(text)) throw notAKey()
      return guard(hash, () => lookUp(hash, origin))
    },

    /** Looks the keys of a user up anew at their next use. */
    forget(userId: string): void {
      generation += 1
      known.deleteWhere((key) => key.userId === userId)
    },

    forgetAll(): void {
      generation += 1
      known.clear()
    },

    async close(): Promise<void> {
      await Promise.all(notes)
    },
  }
}

function toKnownKey(row: Record<string, unknown>, hash: string): KnownKey {
  const role = toRole(row.role)
  const allowed = scopesOf(role)
  const addresses = toAddresses(row.addresses)
  return {
    keyId: String(row.key_id),
    userId: String(row.user_id),
    hash,
    role,
    scopes: new Set(toKeyScopes(row.scopes).filter((name) => allowed.has(name))),
    isOwnerProtected: isYes(row.has_factor),
    // A secret that was replaced has an end of its own, which is never later than that of the key it was made for.
    endsAt: instantOf(row.works_until) ?? instantOf(row.expires_at) ?? Number.POSITIVE_INFINITY,
    isAllowedFrom: addresses && createAddressTest(addresses),
    usedAt: instantOf(row.last_used_at) ?? Number.NEGATIVE_INFINITY,
  }
}

function whyNot(row: Record<string, unknown>, { endsAt }: KnownKey, now: number): RefusalReason | undefined {
  if (row.revoked_at !== null) return 'revoked'
  if (!isYes(row.is_active)) return 'account_inactive'
  return endsAt <= now ? 'expired' : undefined
}

function instantOf(stored: unknown): number | undefined {
  return stored === null ? undefined : new Date(stored as string | Date).getTime()
}

const notAKey = () =>
  new UnauthenticatedError('invalid_token', 'This API key is unknown, has expired or was revoked: make a new one.')

const addressNotAllowed = () =>
  new AppError(
    'address_not_allowed',
    403,
    'This API key is not accepted from this address: its owner has named others.',
  )
