import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { KeychainError, type SecretStore } from '../../main/secret-store'
import { readOrCreateSigningKey } from '../../main/signing-key'

test('the first start makes a key of 256 bits, later ones find it', async () => {
  const store = keychain()

  const first = await readOrCreateSigningKey(store, 0)

  expect(Buffer.from(first, 'base64url')).toHaveLength(32)
  expect(await readOrCreateSigningKey(store, 0)).toBe(first)
  expect([...store.entries.keys()]).toEqual(['signing-key'])
})

test('two processes that make a key at the same time end with the same one, even if one is slow to write', async () => {
  const store = keychain()
  const slow: SecretStore = {
    ...store,
    async write(account, value) {
      if (account === 'signing-key') await pause(100)
      await store.write(account, value)
    },
  }

  const [one, other] = await Promise.all([readOrCreateSigningKey(store, 300), readOrCreateSigningKey(slow, 300)])

  expect(one).toBe(other)
  expect(store.entries.get('signing-key')).toBe(one)
})

test('a keychain that reads as empty while it is locked keeps its key', async () => {
  const kept = Buffer.alloc(32, 7).toString('base64url')
  const store = keychain()
  store.entries.set('signing-key', kept)
  let isUnlocked = false
  const promptDismissedOnce: SecretStore = {
    read: async (account) => (isUnlocked ? store.read(account) : null),
    async write(account, value) {
      isUnlocked = true // the second prompt is answered
      await store.write(account, value)
    },
    remove: store.remove,
  }

  expect(await readOrCreateSigningKey(promptDismissedOnce, 0)).toBe(kept)
  expect(store.entries.get('signing-key')).toBe(kept)
})

test.each(['', 'short', 'x'.repeat(44), '+'.repeat(43)])(
  'a damaged entry is spoken of and left alone: "%s"',
  async (damaged) => {
    const store = keychain()
    store.entries.set('signing-key', damaged)

    await expect(readOrCreateSigningKey(store, 0)).rejects.toThrow(KeychainError)
    expect(store.entries.get('signing-key')).toBe(damaged)
  },
)

test('nothing is written when the keychain fails to answer', async () => {
  const store = keychain()
  const failing: SecretStore = { ...store, read: () => Promise.reject(new KeychainError('The keychain is locked.')) }

  await expect(readOrCreateSigningKey(failing, 0)).rejects.toThrow('The keychain is locked.')
  expect(store.entries.size).toBe(0)
})

test('a keychain that keeps nothing is spoken of', async () => {
  const store = keychain()
  const forgetful: SecretStore = { ...store, write: async () => undefined }

  await expect(readOrCreateSigningKey(forgetful, 0)).rejects.toThrow('did not keep the key')
})

function keychain(): SecretStore & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    async read(account) {
      await pause(0)
      return entries.get(account) ?? null
    },
    async write(account, value) {
      await pause(0)
      entries.set(account, value)
    },
    async remove(account) {
      await pause(0)
      entries.delete(account)
    },
  }
}
