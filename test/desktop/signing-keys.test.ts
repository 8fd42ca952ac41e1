import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { KeychainError, type ListedSecretStore } from '../../main/secret-store'
import { destroySigningKeys, readOrCreateSigningKeys, rotateSigningKeys } from '../../main/signing-keys'
import { arrangeRing, type SigningKey, signingKeyAt, signingKeyId } from '../../server/signing-keys'
import { memoryKeychain as keychain } from '../support/memory-keychain'

const NOW = 1_900_000_000
const KEY = Buffer.alloc(32, 7)
const ONLY_KEY = { 'signing-key': KEY.toString('base64url') } // as it was kept before there was a ring

const idsOf = (keys: SigningKey[]) => keys.map(({ key }) => signingKeyId(key))
const signerAt = (keys: SigningKey[], seconds: number) => signingKeyAt(arrangeRing(keys, 1800), seconds).id
const silently = () => undefined

test('the first start makes a key of 256 bits, later ones find it', async () => {
  const store = keychain()

  const [first, ...others] = await readOrCreateSigningKeys(store, 0)

  expect(first?.key).toHaveLength(32)
  expect(others).toEqual([])
  expect(await readOrCreateSigningKeys(store, 0)).toEqual([first])
  expect([...store.entries.keys()]).toEqual(['signing-key'])
})

test('the single key of an earlier version is in the ring as it is, and nothing is written', async () => {
  const store = keychain(ONLY_KEY)
  store.failAfter(0)

  expect(await readOrCreateSigningKeys(store, 0)).toEqual([{ key: KEY, signsFrom: 0 }])
})

test('two processes that make a key at the same time end with the same one, even if one is slow to write', async () => {
  const store = keychain()
  const slow: ListedSecretStore = {
    ...store,
    async write(account, value) {
      if (account === 'signing-key') await pause(100)
      await store.write(account, value)
    },
  }

  const [one, other] = await Promise.all([readOrCreateSigningKeys(store, 300), readOrCreateSigningKeys(slow, 300)])

  expect(one).toHaveLength(1)
  expect(one).toEqual(other)
})

test.each(['signing-key', 'signing-key-0123456789abcdef'])(
  'a keychain that reads as empty while it is locked keeps its key in %s',
  async (account) => {
    const store = keychain({ [account]: KEY.toString('base64url') })
    let isUnlocked = false
    const promptDismissedOnce: ListedSecretStore = {
      read: async (name) => (isUnlocked ? store.read(name) : null),
      readAll: async () => (isUnlocked ? store.readAll() : []),
      async write(name, value) {
        isUnlocked = true // the second prompt is answered
        await store.write(name, value)
      },
      remove: store.remove,
    }

    expect(idsOf(await readOrCreateSigningKeys(promptDismissedOnce, 0))).toEqual([signingKeyId(KEY)])
    expect([...store.entries.keys()]).toEqual([account])
  },
)

test.each(['', 'short', 'x'.repeat(44), '+'.repeat(43), `${'x'.repeat(43)}.`, `${'x'.repeat(43)}.soon`])(
  'a damaged entry is spoken of and left alone: "%s"',
  async (damaged) => {
    for (const account of ['signing-key', 'signing-key-0123456789abcdef']) {
      const store = keychain({ ...ONLY_KEY, [account]: damaged })

      await expect(readOrCreateSigningKeys(store, 0)).rejects.toThrow(KeychainError)
      await expect(rotateSigningKeys(store, silently, NOW)).rejects.toThrow(`The keychain entry “${account}”`)
      expect(store.entries.get(account)).toBe(damaged)
      expect(store.entries.size).toBe(account === 'signing-key' ? 1 : 2)
    }
  },
)

test('entries that are for something else are left alone', async () => {
  const store = keychain({ ...ONLY_KEY, 'data-key': 'another', 'refresh-token': 'another', 'signing-keys': 'another' })

  await rotateSigningKeys(store, silently, NOW)
  await destroySigningKeys(store, idsOf(await readOrCreateSigningKeys(store)))

  expect([...store.entries.keys()].sort()).toEqual(['data-key', 'refresh-token', 'signing-keys'])
})

test('nothing is written when the keychain fails to answer', async () => {
  const store = keychain()
  const failing = { ...store, readAll: () => Promise.reject(new KeychainError('The keychain is locked.')) }

  await expect(readOrCreateSigningKeys(failing, 0)).rejects.toThrow('The keychain is locked.')
  await expect(rotateSigningKeys(failing, silently, NOW)).rejects.toThrow('The keychain is locked.')
  expect(store.entries.size).toBe(0)
})

test('a keychain that keeps nothing is spoken of', async () => {
  const forgetful = (found = {}) => ({ ...keychain(found), write: async () => undefined })

  await expect(readOrCreateSigningKeys(forgetful(), 0)).rejects.toThrow('did not keep the key')
  await expect(rotateSigningKeys(forgetful(ONLY_KEY), silently, NOW)).rejects.toThrow('did not keep the new key')
})

test('a rotation adds a key that signs a little later, and the one before stays', async () => {
  const store = keychain(ONLY_KEY)
  const announced: [id: string, wasKept: boolean][] = []

  const keys = await rotateSigningKeys(
    store,
    (id) => announced.push([id, [...store.entries.keys()].some((account) => account.endsWith(id))]),
    NOW,
  )

  const added = keys.find(({ signsFrom }) => signsFrom !== 0)
  expect(keys).toHaveLength(2)
  expect(added).toMatchObject({ signsFrom: NOW + 15 })
  expect(store.entries.get('signing-key')).toBe(ONLY_KEY['signing-key'])
  expect([signerAt(keys, NOW), signerAt(keys, NOW + 15)]).toEqual([signingKeyId(KEY), idsOf([added as SigningKey])[0]])
  // Before it is kept, so that no crash leaves a key that nobody looks for, and afterwards.
  expect(announced).toEqual([
    [expect.any(String), false],
    [expect.any(String), true],
  ])
})

test('a rotation that dies at any of its steps leaves keys that all can sign and check with', async () => {
  for (let changes = 0; changes < 4; changes += 1) {
    const early = { 'signing-key-early': `${Buffer.alloc(32, 9).toString('base64url')}.${NOW + 99_999}` }
    const store = keychain({ ...ONLY_KEY, ...early })
    store.failAfter(changes)
    const died = await rotateSigningKeys(store, silently, NOW).then(
      () => false,
      () => true,
    )
    store.failAfter(Number.POSITIVE_INFINITY)

    const keys = await readOrCreateSigningKeys(store, 0)

    expect({ changes, died }).toEqual({ changes, died: changes < 2 })
    expect(idsOf(keys)).toContain(signingKeyId(KEY))
    expect(signerAt(keys, NOW)).toBe(signingKeyId(KEY))
    expect(await rotateSigningKeys(store, silently, NOW + 60)).toHaveLength(keys.length + 1)
  }
})

test('a key from a time when the clock was ahead retires with the next rotation', async () => {
  const store = keychain(ONLY_KEY)
  const ahead = await rotateSigningKeys(store, silently, NOW + 31_536_000)
  expect(signerAt(ahead, NOW)).toBe(signingKeyId(KEY))

  const keys = await rotateSigningKeys(store, silently, NOW)

  const newest = signerAt(keys, NOW + 15)
  expect(idsOf(ahead)).not.toContain(newest)
  expect(signerAt(keys, NOW + 32_000_000)).toBe(newest)
})

test('two rotations at once add a key each, and every process agrees which one signs', async () => {
  const store = keychain(ONLY_KEY)

  await Promise.all([rotateSigningKeys(store, silently, NOW), rotateSigningKeys(store, silently, NOW)])
  const keys = await readOrCreateSigningKeys(store)

  expect(keys).toHaveLength(3)
  expect(signerAt([...keys].reverse(), NOW + 15)).toBe(signerAt(keys, NOW + 15))
})

test('destroying removes the keys that are named and no other', async () => {
  const store = keychain(ONLY_KEY)
  const keys = await rotateSigningKeys(store, silently, NOW)

  await destroySigningKeys(store, [signingKeyId(KEY), 'unknown'])

  expect(await readOrCreateSigningKeys(store)).toEqual(keys.filter(({ signsFrom }) => signsFrom !== 0))
  expect(store.entries.has('signing-key')).toBe(false)
})
