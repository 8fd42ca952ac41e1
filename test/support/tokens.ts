import { createHmac } from 'node:crypto'

export interface TokenParts {
  header: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: a test may look at and forge any claim
  claims: Record<string, any>
  signature: string
}

export function readToken(token: string): TokenParts {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const parse = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString())
  return { header: parse(header), claims: parse(claims), signature }
}

/** Signs any header and claims, as somebody who has the key could. */
export function signToken(header: object, claims: object, key: string | Uint8Array, hash = 'sha256'): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

export function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
