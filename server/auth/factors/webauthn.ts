import { webcrypto } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { NewPasskeyRequest, PasskeyRequest } from '../../../contracts/passkeys'
import type { PasskeyRow } from '../../models/passkey'

const RP_NAME = 'Aurelius'
const TIMEOUT_MS = 300_000

/** The page a passkey is made for or shown on. */
export interface RelyingParty {
  id: string // its host name, for example localhost
  origin: string // http://localhost:8000
}

/** Loaded with the first passkey: most servers never see one. */
async function load() {
  const scope: { crypto?: unknown } = globalThis
  scope.crypto ??= webcrypto
  return import('@simplewebauthn/server')
}

const namesOf = (rows: PasskeyRow[]) => rows.map(({ credentialId }) => ({ id: credentialId }))

/** What the page asks the authenticator to make. */
export async function creationOptions(
  site: RelyingParty,
  user: { id: string; email: string; name: string },
  challenge: string,
  known: PasskeyRow[],
) {
  const { generateRegistrationOptions } = await load()
  return generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: site.id,
    userID: new TextEncoder().encode(user.id),
    userName: user.email,
    userDisplayName: user.name,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: namesOf(known),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
}

/**
 * What the page asks an authenticator to sign.
 *
 * @param known the passkeys that may answer; none: any that the authenticator keeps for this site, after it has made
 *   sure of its owner
 */
export async function requestOptions(site: RelyingParty, challenge: string, known: PasskeyRow[]) {
  const { generateAuthenticationOptions } = await load()
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    allowCredentials: namesOf(known),
    userVerification: known.length > 0 ? 'preferred' : 'required',
  })
}

/** The challenge that an answer is about, before anything is known of its truth. */
export function challengeIn({ response }: { response: { clientDataJSON: string } }): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString())
    return String((data as { challenge?: unknown } | null)?.challenge ?? '')
  } catch {
    return ''
  }
}

export type MadePasskey = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'transports'> & { signCount: number }

/** What an authenticator made, where it made it for this challenge and site. */
export async function checkCreation(
  site: RelyingParty,
  challenge: string,
  credential: NewPasskeyRequest['credential'],
): Promise<MadePasskey | undefined> {
  const { verifyRegistrationResponse } = await load()
  // Whatever is wrong with what the browser sent, it is told by an exception.
  const checked = await verifyRegistrationResponse({
    response: credential as unknown as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: false,
  }).catch(() => undefined)
  if (!checked?.verified) return undefined
  const { id, publicKey, counter, transports = [] } = checked.registrationInfo.credential
  return {
    credentialId: id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    signCount: counter,
    transports: transports.join(),
  }
}

/**
 * Whether an authenticator signed for this challenge and site with this passkey.
 *
 * @returns how often it has signed, by its own count
 */
export async function checkSignature(
  site: RelyingParty,
  challenge: string,
  credential: PasskeyRequest['credential'],
  row: PasskeyRow,
  requireUserVerification: boolean,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await load()
  const checked = await verifyAuthenticationResponse({
    response: credential as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    credential: {
      id: row.credentialId,
      publicKey: new Uint8Array(Buffer.from(row.publicKey, 'base64url')),
      counter: Number(row.signCount),
    },
    requireUserVerification,
  }).catch(() => undefined)
  return checked?.verified ? checked.authenticationInfo.newCounter : undefined
}
