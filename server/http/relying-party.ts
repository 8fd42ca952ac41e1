import { isIP } from 'node:net'
import type { Context } from 'koa'
import type { RelyingParty } from '../auth/factors/webauthn'
import { AppError } from '../errors'

/**
 * The page that asks, where passkeys work on it: browsers bind them to a host name, and want it to be `localhost` or
 * reached by HTTPS (WebAuthn Level 3, sections 5.1.2 and 5.4.2).
 *
 * @throws {AppError} `passkeys_unavailable`
 */
export function relyingPartyOf(ctx: Context): RelyingParty {
  const origin = ctx.get('Origin')
  const page = origin === '' ? null : new URL(origin)
  const isOwn = page?.host === ctx.host
  const isSecure = page?.protocol === 'https:' && isIP(page.hostname.replace(/^\[|\]$/g, '')) === 0
  if (!page || !isOwn || !(isSecure || page.hostname === 'localhost')) throw unavailable(ctx.host)
  return { id: page.hostname, origin }
}

function unavailable(host: string): AppError {
  const port = /:(\d+)$/.exec(host)?.[0] ?? ''
  return new AppError(
    'passkeys_unavailable',
    409,
    `Browsers use no passkeys at an address without a name: open http://localhost${port} on this computer, or this server by its name over HTTPS.`,
  )
}
