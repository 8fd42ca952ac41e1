import { z } from 'zod'

const claims = z.object({ exp: z.number() })

/**
 * When an access token ends, in milliseconds since 1970; 0 when it does not say.
 * Only a hint for the clock on screen: whether a token is good is for the server to say.
 */
export function expiryOf(token: string): number {
  try {
    const payload = token.split('.')[1] ?? ''
    const { exp } = claims.parse(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))))
    return exp * 1000
  } catch {
    return 0
  }
}
