import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { KeychainError, type SecretStore } from './secret-store'

const ACCOUNT = 'signing-key'
const PROBE_ACCOUNT = 'write-check'
const KEY_SHAPE = /^[A-Za-z0-9_-]{43}$/ // 256 bits, base64url

/**
 * The key that signs tokens, base64url. Made on first use and never replaced: that would sign everybody out.
 *
 * @throws {KeychainError} when the keychain does not answer, or its entry is damaged
 */
export async function readOrCreateSigningKey(store: SecretStore, settleMs = 250): Promise<string> {
  const found = await store.read(ACCOUNT)
  if (found !== null) return checked(found)

  // A dismissed unlock prompt reads as "no such entry" too. Only a keychain that takes a write is surely open.
  await store.write(PROBE_ACCOUNT, 'open')
  await store.remove(PROBE_ACCOUNT)
  const foundWhenOpen = await store.read(ACCOUNT)
  if (foundWhenOpen !== null) return checked(foundWhenOpen)

  await store.write(ACCOUNT, randomBytes(32).toString('base64url'))
  // Another process may be doing the same: the last write wins, and both must end with that one.
  await pause(settleMs)
  const kept = await store.read(ACCOUNT)
  if (kept === null)
    throw new KeychainError('The keychain did not keep the key it was given: check it, then try again.')
  return checked(kept)
}

function checked(key: string): string {
  if (KEY_SHAPE.test(key)) return key
  throw new KeychainError(
    'The keychain entry “signing-key” of Aurelius is damaged: delete it in your keychain, start again, and sign in again.',
  )
}
