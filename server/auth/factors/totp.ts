import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export const STEP_SECONDS = 30
const SECRET_BYTES = 20 // RFC 4226 section 4, R6: 160 bits are recommended
const ISSUER = 'Aurelius'

/** Native, and the same on runtimes whose global `crypto` is missing. */
const nativeCrypto = {
  name: 'node',
  hmac: (algorithm: string, key: Uint8Array, data: Uint8Array): Uint8Array =>
    createHmac(algorithm, key).update(data).digest(),
  randomBytes: (length: number): Uint8Array => randomBytes(length),
  constantTimeEqual(one: string | Uint8Array, other: string | Uint8Array): boolean {
    const [left, right] = [Buffer.from(one), Buffer.from(other)]
    return left.length === right.length && timingSafeEqual(left, right)
  },
}

/** Loaded with the first code: most servers never see one. */
const load = () => import('otplib')

/** A fresh secret of 160 random bits, base32 without padding, as authenticator apps take it. */
export async function makeTotpSecret(): Promise<string> {
  const { generateSecret } = await load()
  return generateSecret({ length: SECRET_BYTES, crypto: nativeCrypto })
}

/** The `otpauth:` address that authenticator apps read from a QR code. */
export async function totpUri(secret: string, email: string): Promise<string> {
  const { generateURI } = await load()
  return generateURI({ issuer: ISSUER, label: email, secret })
}

/**
 * The time step of a code of six digits: the present one, or the one before or after, because clocks differ and typing
 * takes a while.
 *
 * @param secret base32
 * @param nowMs milliseconds since 1970
 * @returns 30-second steps since 1970; `undefined` when the code belongs to none of the three
 * @see RFC 6238 section 5.2
 */
export async function findTotpStep(secret: string, code: string, nowMs: number): Promise<number | undefined> {
  const { verify } = await load()
  const result = await verify({
    secret,
    token: code,
    epoch: Math.floor(nowMs / 1000),
    epochTolerance: STEP_SECONDS,
    crypto: nativeCrypto,
  })
  return result.valid && 'timeStep' in result ? result.timeStep : undefined
}
