const NAME = 'aurelius_refresh'

/** Any of the names that `refreshCookieName` gives. */
export const REFRESH_COOKIE_NAMES = /^aurelius_refresh(?:_\d{1,5})?$/

/** What the cookie was called on every port by earlier versions. */
export const FORMER_REFRESH_COOKIE = NAME

/**
 * What the refresh cookie is called by a server under an address. Browsers keep cookies by host alone, and two servers on
 * one machine must not overwrite each other's (RFC 6265 section 8.5).
 *
 * @param host name and port, as in the Host header
 */
export function refreshCookieName(host: string): string {
  const port = /:(\d{1,5})$/.exec(host)?.[1]
  return port === undefined ? NAME : `${NAME}_${port}`
}
