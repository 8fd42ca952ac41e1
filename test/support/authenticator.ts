import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40

interface Page {
  origin: string
  rpId?: string // the host name of the page, unless a test says otherwise
}

export type Authenticator = ReturnType<typeof makeAuthenticator>

/**
 * An authenticator with one key (WebAuthn Level 3, sections 6.1 and 6.5), written from the text of the standard.
 *
 * @param options.counts whether it counts its signatures; those whose keys are copied to other devices do not
 */
export function makeAuthenticator({ verifiesUser = true, counts = true } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  const flags = USER_PRESENT | (verifiesUser ? USER_VERIFIED : 0)
  const state = { signCount: counts ? 1 : 0 }

  // {1: 2, 3: -7, -1: 1, -2: x, -3: y}: ES256 (RFC 9053 section 7.1.1)
  const coseKey = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
  const head = ({ origin, rpId = new URL(origin).hostname }: Page, extra = 0) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(state.signCount)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags | extra]), count])
  }
  const clientData = (type: string, challenge: string, { origin }: Page) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const common = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' }

  return {
    state,

    /** Answers `navigator.credentials.create`. */
    make(challenge: string, page: Page) {
      const length = Buffer.from([id.length >> 8, id.length & 0xff])
      const data = Buffer.concat([head(page, ATTESTED), Buffer.alloc(16), length, id, coseKey])
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'), // fmt none, no statement, authData
        Buffer.from([0x59, data.length >> 8, data.length & 0xff]),
        data,
      ])
      return {
        ...common,
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, page).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      }
    },

    /** Answers `navigator.credentials.get`. */
    show(challenge: string, page: Page) {
      if (counts) state.signCount += 1
      const data = head(page)
      const client = clientData('webauthn.get', challenge, page)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        ...common,
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      }
    },
  }
}
