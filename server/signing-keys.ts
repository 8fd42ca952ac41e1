import { createHmac } from 'node:crypto'
import type { SigningKeyInfo } from '../contracts/signing-keys'

const ID_LABEL = 'aurelius/signing-key-id/v1'
const ID_LENGTH = 16
/** For clocks of nodes that differ, and for a token that is being signed while its key retires. */
const MARGIN_SECONDS = 60

/** A key that signs tokens, or did. */
export interface SigningKey {
  /** 32 bytes or more. */
  key: Uint8Array
  /** When it begins to sign, in seconds since 1970; `null`: it only checks, for as long as it is there. */
  signsFrom: number | null
}

export interface RingKey extends SigningKey {
  /** Names the key in tokens and lists, and gives nothing of it away. */
  id: string
  /** When the last token it signed has expired; `null`: it still signs, or will, or its end is not known. */
  endsAt: number | null
}

/** The keys could not be changed. Its message is one plain sentence that says what to do. */
export class SigningKeyStoreError extends Error {
  override name = 'SigningKeyStoreError'
}

/** Where signing keys rest between starts. A server whose key is a setting has none. */
export interface SigningKeyStore {
  /**
   * Adds a key, which begins to sign once every server had time to learn of it; answers all there are.
   *
   * @throws {SigningKeyStoreError}
   */
  rotate(): Promise<SigningKey[]>
  destroy(ids: string[]): Promise<void>
}

/** The same for the same key on every machine, so that it need not be kept: HMAC-SHA-256, 96 bits of it. */
export function signingKeyId(key: Uint8Array): string {
  return createHmac('sha256', key).update(ID_LABEL).digest('base64url').slice(0, ID_LENGTH)
}

/**
 * Puts keys in the order in which they sign. A key retires when the next one begins, and ends when the last token it
 * signed has expired. All of it follows from the keys and the clock, so every server that has the keys agrees.
 */
export function arrangeRing(keys: SigningKey[], tokenLifetimeSeconds: number): RingKey[] {
  const ordered = keys
    .map((key) => ({ ...key, id: signingKeyId(key.key) }))
    .sort((one, other) => (one.signsFrom ?? -1) - (other.signsFrom ?? -1) || (one.id < other.id ? -1 : 1))
  return ordered.map((key, at) => {
    const successor = key.signsFrom === null ? null : (ordered[at + 1]?.signsFrom ?? null)
    return { ...key, endsAt: successor === null ? null : successor + tokenLifetimeSeconds + MARGIN_SECONDS }
  })
}

/**
 * The key to sign with: the last one that has begun. Where the clock went back and none has, the first.
 *
 * @throws {Error} there is none
 */
export function signingKeyAt<Key extends RingKey>(ring: Key[], nowSeconds: number): Key {
  const signing = ring.filter(({ signsFrom }) => signsFrom !== null)
  const current = signing.filter(({ signsFrom }) => Number(signsFrom) <= nowSeconds).at(-1) ?? signing[0]
  if (!current) throw new Error('There is no key to sign tokens with')
  return current
}

/** What may be shown of a ring, the newest first. */
export function describeRing(ring: RingKey[], nowSeconds: number): SigningKeyInfo[] {
  const current = signingKeyAt(ring, nowSeconds)
  const describe = ({ id, signsFrom, endsAt }: RingKey): SigningKeyInfo => {
    const isNext = Number(signsFrom) > Number(current.signsFrom)
    return {
      id,
      state: id === current.id ? 'current' : isNext ? 'next' : 'previous',
      signs_from: signsFrom ? toInstant(signsFrom) : null,
      ends_at: endsAt === null ? null : toInstant(endsAt),
    }
  }
  return ring.map(describe).reverse()
}

const toInstant = (seconds: number) => new Date(seconds * 1000).toISOString()

/** The keys whose last token has expired. */
export function endedKeys<Key extends RingKey>(ring: Key[], nowSeconds: number): Key[] {
  return ring.filter(({ endsAt }) => endsAt !== null && endsAt <= nowSeconds)
}
