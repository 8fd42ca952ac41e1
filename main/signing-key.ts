import { readOrCreateKey } from './kept-key'
import type { SecretStore } from './secret-store'

const SIGNING_KEY = { account: 'signing-key', afterDeleting: 'sign in again' }

/**
 * The key that signs tokens, base64url. Made on first use and never replaced: that would sign everybody out.
 *
 * @throws {KeychainError} when the keychain does not answer, or its entry is damaged
 */
export function readOrCreateSigningKey(store: SecretStore, settleMs?: number): Promise<string> {
  return readOrCreateKey(store, SIGNING_KEY, settleMs)
}
