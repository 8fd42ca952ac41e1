import type { NewPasskeyRequest, PasskeyOptions, PasskeyRequest } from '../../contracts/passkeys'

/** The person closed the browser's own dialog, or nothing answered it. */
export class PasskeyNotUsedError extends Error {
  override name = 'PasskeyNotUsedError'
  constructor(options?: ErrorOptions) {
    super('No passkey was used. Try again, or choose another way.', options)
  }
}

/** Loaded with the first passkey: most people never use one. */
const load = () => import('@simplewebauthn/browser')

/** Browsers bind passkeys to a host name; an address of numbers has none. */
export function isPasskeyPlace({ hostname, protocol }: Location): boolean {
  const isNumbers = /^[\d.]+$|^\[/.test(hostname)
  return 'PublicKeyCredential' in window && (hostname === 'localhost' || (protocol === 'https:' && !isNumbers))
}

/** Where the same server answers by a name. */
export function placeForPasskeys({ port }: Location): string {
  return `http://localhost${port ? `:${port}` : ''}`
}

export async function makePasskey({ options }: PasskeyOptions): Promise<NewPasskeyRequest['credential']> {
  const { startRegistration } = await load()
  const made = await startRegistration({ optionsJSON: options as never }).catch(toNotUsed)
  return made as unknown as NewPasskeyRequest['credential']
}

export async function showPasskey({ options }: PasskeyOptions): Promise<PasskeyRequest['credential']> {
  const { startAuthentication } = await load()
  const shown = await startAuthentication({ optionsJSON: options as never }).catch(toNotUsed)
  return shown as unknown as PasskeyRequest['credential']
}

function toNotUsed(cause: unknown): never {
  const isKnown = cause instanceof Error && cause.name === 'InvalidStateError'
  if (isKnown) throw new Error('This authenticator has a passkey of your account already.', { cause })
  throw new PasskeyNotUsedError({ cause })
}
