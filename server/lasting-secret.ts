import type { ServerSecrets } from './config'

/**
 * A secret that other keys may be made from: it outlives a rotation of the signing key, and what hangs on those keys
 * with it. Only a server that keeps nothing for longer than it runs has none but its signing key.
 */
export function lastingSecret({ dataKey, signingKeys: [first] }: ServerSecrets): Uint8Array {
  const secret = dataKey ?? first?.key
  if (!secret) throw new Error('There is no key to make others from')
  return secret
}
