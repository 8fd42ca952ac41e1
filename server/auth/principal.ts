declare const checked: unique symbol

/** The caller after the credential was checked. Only the authenticator makes one, so a service that asks for it cannot be reached without. */
export interface Principal {
  readonly [checked]: true
  readonly userId: string
  readonly sessionId: string
  readonly expiresAt: number // seconds since 1970
}
