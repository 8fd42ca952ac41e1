import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { KeychainError, type SecretStore } from './secret-store'

const PROBE_ACCOUNT = 'write-check'
const KEY_SHAPE = /^[A-Za-z0-9_-]{43}$/ // 256 bits, base64url

export interface KeptKey {
  account: string
  /** What follows from deleting a damaged entry: the end of a sentence. */
  afterDeleting: string
  /** What its entry looks like, where that is not the key alone. */
  shape?: RegExp
  make?(): string
}

/**
 * A key that rests in the keychain, base64url. Made on first use and never replaced.
 *
 * @throws {KeychainError} when the keychain does not answer, or its entry is damaged
 */
export async function readOrCreateKey(store: SecretStore, key: KeptKey, settleMs = 250): Promise<string> {
  const found = await store.read(key.account)
  if (found !== null) return checked(found, key)

  await openForSure(store)
  const foundWhenOpen = await store.read(key.account)
  if (foundWhenOpen !== null) return checked(foundWhenOpen, key)

  await store.write(key.account, key.make?.() ?? randomBytes(32).toString('base64url'))
  // Another process may be doing the same: the last write wins, and both must end with that one.
  await pause(settleMs)
  const kept = await store.read(key.account)
  if (kept === null)
    throw new KeychainError('The keychain did not keep the key it was given: check it, then try again.')
  return checked(kept, key)
}

/** A dismissed unlock prompt reads as "no such entry" too. Only a keychain that takes a write is surely open. */
export async function openForSure(store: SecretStore): Promise<void> {
  await store.write(PROBE_ACCOUNT, 'open')
  await store.remove(PROBE_ACCOUNT)
}

function checked(found: string, { account, afterDeleting, shape = KEY_SHAPE }: KeptKey): string {
  if (shape.test(found)) return found
  throw new KeychainError(
    `The keychain entry “${account}” of Aurelius is damaged: delete it in your keychain, start again, and ${afterDeleting}.`,
  )
}
