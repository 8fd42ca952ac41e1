import { randomBytes } from 'node:crypto'
import { type SigningKey, type SigningKeyStore, signingKeyId } from '../../server/signing-keys'

export const LEAD_SECONDS = 15

/** Signing keys that rest outside the server, as they do in a keychain; the test may look at them and turn the clock. */
export function keptSigningKeys(now: () => number = Date.now, keys = [newKey(1)]) {
  let kept: SigningKey[] = keys
  const store: SigningKeyStore = {
    async rotate() {
      kept = [...kept, newKey(Math.floor(now() / 1000) + LEAD_SECONDS)]
      return kept
    },
    async destroy(ids) {
      kept = kept.filter(({ key }) => !ids.includes(signingKeyId(key)))
    },
  }
  return {
    store,
    keys: () => kept,
    ids: () => kept.map(({ key }) => signingKeyId(key)),
  }
}

function newKey(signsFrom: number): SigningKey {
  return { key: randomBytes(32), signsFrom }
}
