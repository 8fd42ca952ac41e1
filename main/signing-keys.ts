import { randomBytes } from 'node:crypto'
import { type SigningKey, signingKeyId } from '../server/signing-keys'
import { type KeptKey, openForSure, readOrCreateKey } from './kept-key'
import { KeychainError, type ListedSecretStore } from './secret-store'

const ACCOUNT = 'signing-key'
const ENTRY = /^([A-Za-z0-9_-]{43})(?:\.(\d{1,12}))?$/ // 256 bits, base64url; when it begins to sign, unless it always did
const AFTER_DELETING = 'sign in again'
const KEY_BYTES = 32
/** By then every server on this machine has read a new key, so each can check what any of them signs with it. */
const LEAD_SECONDS = 15

/**
 * The keys that sign tokens and that did, each in an entry of its own: adding one and destroying one are a single
 * write, which a crash leaves done or not done, and of two processes that do so at once neither undoes the other's.
 *
 * @throws {KeychainError} when the keychain does not answer, or an entry is damaged
 */
export async function readOrCreateSigningKeys(store: ListedSecretStore, settleMs?: number): Promise<SigningKey[]> {
  const found = await readSigningKeys(store)
  if (found.length > 0) return found
  await openForSure(store)
  const foundWhenOpen = await readSigningKeys(store)
  if (foundWhenOpen.length > 0) return foundWhenOpen
  await readOrCreateKey(store, firstKey(), settleMs)
  return readSigningKeys(store)
}

/**
 * Adds a key that signs from now on, but for a few seconds in which every server learns of it.
 *
 * @param announce says that a key of this id is coming, or has come
 * @throws {KeychainError}
 */
export async function rotateSigningKeys(
  store: ListedSecretStore,
  announce: (id: string) => void,
  nowSeconds = seconds(),
): Promise<SigningKey[]> {
  const before = await readOrCreateSigningKeys(store)
  const key = randomBytes(KEY_BYTES)
  const signsFrom = nowSeconds + LEAD_SECONDS
  // Before it is kept too: who is told and finds nothing looks again, so no crash leaves a kept key that nobody knows.
  announce(signingKeyId(key))
  // Made while the clock was ahead: it retires with this rotation, as every earlier key does.
  for (const early of before.filter((other) => Number(other.signsFrom) > signsFrom))
    await keep(store, { key: early.key, signsFrom: signsFrom - 1 })
  await keep(store, { key, signsFrom })
  announce(signingKeyId(key))
  const after = await readSigningKeys(store)
  if (!after.some((kept) => signingKeyId(kept.key) === signingKeyId(key)))
    throw new KeychainError('The keychain did not keep the new key: check it, then try again. Nothing has changed.')
  return after
}

/** Removes keys for good; what they signed is refused from then on. */
export async function destroySigningKeys(store: ListedSecretStore, ids: string[]): Promise<void> {
  for (const { account, key } of await readEntries(store))
    if (ids.includes(signingKeyId(key))) await store.remove(account)
}

async function readSigningKeys(store: ListedSecretStore): Promise<SigningKey[]> {
  return (await readEntries(store)).map(({ key, signsFrom }) => ({ key, signsFrom }))
}

async function readEntries(store: ListedSecretStore): Promise<(SigningKey & { account: string })[]> {
  const entries = (await store.readAll()).filter(({ account }) => isOurs(account))
  return entries.map(({ account, value }) => {
    const [, key, signsFrom = '0'] = ENTRY.exec(value) ?? []
    if (key !== undefined) return { account, key: Buffer.from(key, 'base64url'), signsFrom: Number(signsFrom) }
    throw new KeychainError(
      `The keychain entry “${account}” of Aurelius is damaged: delete it in your keychain, start again, and ${AFTER_DELETING}.`,
    )
  })
}

/** The first key has the entry's plain name, as it had when it was the only one. */
async function keep(store: ListedSecretStore, { key, signsFrom }: SigningKey): Promise<void> {
  const known = (await readEntries(store)).find((entry) => Buffer.from(entry.key).equals(key))
  await store.write(known?.account ?? `${ACCOUNT}-${signingKeyId(key)}`, entryOf(key, Number(signsFrom)))
}

function firstKey(): KeptKey {
  const make = () => entryOf(randomBytes(KEY_BYTES), seconds())
  return { account: ACCOUNT, afterDeleting: AFTER_DELETING, shape: ENTRY, make }
}

const isOurs = (account: string) => account === ACCOUNT || account.startsWith(`${ACCOUNT}-`)
const entryOf = (key: Uint8Array, signsFrom: number) => `${Buffer.from(key).toString('base64url')}.${signsFrom}`
const seconds = () => Math.floor(Date.now() / 1000)
