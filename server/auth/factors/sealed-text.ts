import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 'v1'
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12 // NIST SP 800-38D section 8.2: 96 bits
const TAG_BYTES = 16
const KEY_LABEL = 'aurelius/sealed-text/v1'
const KEY_ID_LABEL = 'aurelius/sealed-text/key-id/v1'

export type SealedText = ReturnType<typeof createSealedText>

/**
 * Texts that rest in the database encrypted: AES-256-GCM, bound to what they are for, so that one cannot be put in
 * another's place. Each names its key, because a database may meet another one: on a new computer, or beside a second
 * server.
 *
 * @param dataKey 32 bytes or more; `undefined` where the server has none that lasts
 */
export function createSealedText(dataKey: Uint8Array | undefined) {
  const keys = dataKey && { key: derive(dataKey, KEY_LABEL, 32), id: derive(dataKey, KEY_ID_LABEL, 6).toString('hex') }

  return {
    /** Whether texts that are sealed now can be opened after the next start. */
    lasts: keys !== undefined,

    /** @param context what the text is for; needed again to open it */
    seal(text: string, context: string): string {
      if (!keys) throw new Error('There is no key to seal with')
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, keys.key, nonce).setAAD(Buffer.from(context))
      const box = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [VERSION, keys.id, nonce.toString('base64url'), box.toString('base64url')].join('.')
    },

    /** @returns `undefined` when it was sealed with another key, for something else, or was altered */
    open(sealed: string, context: string): string | undefined {
      const [version, keyId, nonce = '', box = ''] = sealed.split('.')
      if (!keys || version !== VERSION || keyId !== keys.id) return undefined
      const bytes = Buffer.from(box, 'base64url')
      try {
        const decipher = createDecipheriv(CIPHER, keys.key, Buffer.from(nonce, 'base64url'), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString()
      } catch {
        return undefined
      }
    },
  }
}

/** A key of its own for one purpose, from a key that has several. @see RFC 5869 */
function derive(from: Uint8Array, label: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', from, '', label, bytes))
}
