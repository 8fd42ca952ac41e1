import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { announceSigningKey, followSigningKeys } from '../../main/signing-key-news'
import { type SigningKey, signingKeyId } from '../../server/signing-keys'
import { newFolder } from '../support/new-folder'

const OLD = { key: Buffer.alloc(32, 1), signsFrom: 0 }
const NEW = { key: Buffer.alloc(32, 2), signsFrom: 5 }

function follower(folder: string, kept: () => SigningKey[]) {
  const seen: SigningKey[][] = []
  const troubles: unknown[] = []
  let reads = 0
  const stop = followSigningKeys(folder, {
    read: async () => {
      reads += 1
      return kept()
    },
    onKeys: (keys) => seen.push(keys),
    onTrouble: (error) => troubles.push(error),
  })
  onTestFinished(stop)
  return { seen, troubles, reads: () => reads, stop }
}

test('an announced key is read by every program that follows', async () => {
  const folder = join(newFolder(), 'not-made-yet')
  const [one, other] = [follower(folder, () => [OLD, NEW]), follower(folder, () => [OLD, NEW])]
  await pause(50)
  expect(one.reads()).toBe(0)

  announceSigningKey(folder, signingKeyId(NEW.key))

  await expect.poll(() => [one.seen, other.seen]).toEqual([[[OLD, NEW]], [[OLD, NEW]]])
  expect(readdirSync(folder)).toEqual(['newest-signing-key'])
  expect(statSync(join(folder, 'newest-signing-key')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'newest-signing-key'), 'utf8')).toBe(`${signingKeyId(NEW.key)}\n`)
})

test('a key that is announced before it is kept is waited for, and one that never comes is not believed', async () => {
  const folder = newFolder()
  let kept = [OLD]
  const { seen, reads } = follower(folder, () => kept)
  announceSigningKey(folder, signingKeyId(NEW.key))
  await expect.poll(reads).toBeGreaterThan(1)
  expect(seen).toEqual([])

  kept = [OLD, NEW]

  await expect.poll(() => seen).toEqual([[OLD, NEW]])
})

test('a keychain that does not answer is spoken of, and the next announcement is followed again', async () => {
  const folder = newFolder()
  let answers = false
  const { seen, troubles } = follower(folder, () => {
    if (!answers) throw new Error('The keychain is locked.')
    return [NEW]
  })
  announceSigningKey(folder, signingKeyId(NEW.key))
  await expect.poll(() => troubles).toHaveLength(1)

  answers = true
  announceSigningKey(folder, signingKeyId(NEW.key))

  await expect.poll(() => seen).toEqual([[NEW]])
})

test('a folder that cannot be written is named', () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')

  expect(() => announceSigningKey(file, 'x')).toThrow(`The folder ${file} cannot be written`)
})
