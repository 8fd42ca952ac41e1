import { readOrCreateKey } from './kept-key'
import type { SecretStore } from './secret-store'

const DATA_KEY = { account: 'data-key', afterDeleting: 'set up authenticator apps again' }

/**
 * The key that protects what rests in the database encrypted, base64url. Never replaced: what it protects would be lost.
 *
 * @throws {KeychainError} when the keychain does not answer, or its entry is damaged
 */
export function readOrCreateDataKey(store: SecretStore, settleMs?: number): Promise<string> {
  return readOrCreateKey(store, DATA_KEY, settleMs)
}
