import type { SigningKeyList } from '../../contracts/signing-keys'
import { actorOf } from '../audit/actor'
import type { Audit } from '../audit/audit'
import type { Database } from '../db/database'
import { AppError } from '../errors'
import { describeRing, type SigningKeyStore, SigningKeyStoreError } from '../signing-keys'
import type { SessionPrincipal } from './principal'
import type { Tokens } from './tokens'

export interface SigningKeysDependencies {
  tokens: Tokens
  /** Nothing where the key is a setting. */
  store: SigningKeyStore | undefined
  database: Database
  audit: Audit
  now(): number // milliseconds since 1970
}

export type SigningKeysService = ReturnType<typeof createSigningKeysService>

/** The keys that sign access tokens: which there are, and making a new one. */
export function createSigningKeysService({ tokens, store, database, audit, now }: SigningKeysDependencies) {
  function list(): SigningKeyList {
    const described = describeRing(tokens.ring(), now() / 1000)
    return {
      signing_keys: described,
      total: described.length,
      next_cursor: null,
      kept_in: store ? 'keychain' : 'settings',
    }
  }

  return {
    async list(_principal: SessionPrincipal): Promise<SigningKeyList> {
      return list()
    },

    /**
     * Makes a key that signs from now on, but for the seconds in which other servers learn of it. Earlier keys check
     * what they signed until that has expired.
     *
     * @throws {AppError} `signing_key_is_setting`, `rotation_under_way`, or `keychain_unavailable` with what to do
     */
    async rotate(principal: SessionPrincipal): Promise<SigningKeyList> {
      if (!store) throw keyIsSetting()
      if (list().signing_keys.some(({ state }) => state === 'next')) throw rotationUnderWay()
      try {
        tokens.replaceKeys(await store.rotate())
      } catch (cause) {
        throw cause instanceof SigningKeyStoreError ? keychainUnavailable(cause) : cause
      }
      const target = { type: 'signing_key' as const, id: tokens.ring().at(-1)?.id ?? '' }
      await database.write(async (transaction) =>
        audit.record({ action: 'signing_key.rotated', by: actorOf(principal), target }, transaction),
      )
      return list()
    },
  }
}

const keyIsSetting = () =>
  new AppError(
    'signing_key_is_setting',
    409,
    'This server’s signing key is a setting: put the key of now into SECRET_KEY_PREVIOUS, a new one into SECRET_KEY, and start the server again.',
  )

const rotationUnderWay = () =>
  new AppError('rotation_under_way', 409, 'A new signing key is about to begin: wait a minute before the next one.')

const keychainUnavailable = ({ message, cause }: Error) =>
  new AppError('keychain_unavailable', 503, message, { cause, headers: { 'Retry-After': '5' } })
