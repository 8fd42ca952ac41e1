import type { FromServer, KeptSigningKey, SigningKeyReply, SigningKeyWork } from '../contracts/ipc'
import { type SigningKey, type SigningKeyStore, SigningKeyStoreError } from '../server/signing-keys'
import type { ListedSecretStore } from './secret-store'
import { announceSigningKey } from './signing-key-news'
import { destroySigningKeys, readOrCreateSigningKeys, rotateSigningKeys } from './signing-keys'

/** Keys as they pass between processes, and back. */
export function packed(keys: SigningKey[]): KeptSigningKey[] {
  return keys.map(({ key, signsFrom }) => ({ key: Buffer.from(key).toString('base64url'), signsFrom }))
}
export function unpacked(keys: KeptSigningKey[]): SigningKey[] {
  return keys.map(({ key, signsFrom }) => ({ key: Buffer.from(key, 'base64url'), signsFrom }))
}

/**
 * Does what a server asks for, where the keychain is; answers the keys there are then.
 *
 * @param folder where the other programs of this person look for news
 */
export async function workOnSigningKeys(
  store: ListedSecretStore,
  folder: string,
  work: SigningKeyWork,
): Promise<KeptSigningKey[]> {
  if (work.do === 'rotate') return packed(await rotateSigningKeys(store, (id) => announceSigningKey(folder, id)))
  await destroySigningKeys(store, work.ids)
  return packed(await readOrCreateSigningKeys(store))
}

/** The signing keys as a server has them, whose keychain is in the process that listens to `tell`. */
export function signingKeysInMain(tell: (message: FromServer) => void) {
  const waiting = new Map<number, (outcome: SigningKeyReply['outcome']) => void>()
  let last = 0

  async function ask(work: SigningKeyWork): Promise<SigningKey[]> {
    last += 1
    const request = last
    const outcome = await new Promise<SigningKeyReply['outcome']>((resolve) => {
      waiting.set(request, resolve)
      tell({ type: 'signing-key-request', request, work })
    })
    if ('problem' in outcome) throw new SigningKeyStoreError(outcome.problem)
    return unpacked(outcome.keys)
  }

  return {
    store: storeThat(ask),
    heard({ request, outcome }: SigningKeyReply): void {
      waiting.get(request)?.(outcome)
      waiting.delete(request)
    },
  }
}

export function storeThat(does: (work: SigningKeyWork) => Promise<SigningKey[]>): SigningKeyStore {
  return {
    rotate: () => does({ do: 'rotate' }),
    destroy: async (ids) => void (await does({ do: 'destroy', ids })),
  }
}
