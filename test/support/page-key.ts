import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

type Json = Record<string, unknown>

export interface PageKey {
  publicKey: Json
  /** The proof of a request, at an instant, with whatever is to be different about it. */
  prove(address: string, at: number, other?: { header?: Json; claims?: Json; secret?: string }): string
}

/** A key such as a page keeps in its browser. */
export function makePageKey(curve = 'P-256'): PageKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const jwk = { kty, crv, x, y }
  return {
    publicKey: jwk,
    prove(address, at, { header = {}, claims = {}, secret } = {}) {
      const head = { typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }
      const said = { jti: randomUUID(), htm: 'POST', htu: address, iat: Math.floor(at / 1000), ...claims }
      const text = `${encoded(head)}.${encoded(said)}`
      return `${text}.${secret === undefined ? signed(text, privateKey) : maced(text, secret)}`
    },
  }
}

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

const signed = (text: string, key: KeyObject) =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')

const maced = (text: string, secret: string) => createHmac('sha256', secret).update(text).digest('base64url')
