import type { TokenReply, User } from '../../contracts/auth'
import { type Api, ApiError, UnreachableError } from '../api'
import type { CredentialStore } from './credential-store'
import { expiryOf } from './token-expiry'

export const EXPIRED_NOTICE = 'Your session has expired. Sign in again.'

export interface SignedIn {
  status: 'signed-in'
  token: string
  user: User
  expiresAt: number // milliseconds since 1970
  isKept: boolean // false when the keychain refused: the session then ends with the window
}

export type Session =
  | { status: 'restoring'; error: Error | null }
  | { status: 'signed-out'; notice: string | null; isReturning: boolean; email: string }
  | SignedIn

/** A suspended laptop stops timers, so the clock is read again at least this often. */
const LONGEST_WAIT_MS = 30_000
const RESTORE_DELAYS_MS = [500, 1000, 2000, 4000, 8000]

export type SessionStore = ReturnType<typeof createSession>

/** The one place that knows who is signed in. Framework-free; React reads it through `useSession`. */
export function createSession(api: Api, credentials: CredentialStore, onFailure: (error: unknown) => void) {
  let session: Session = { status: 'restoring', error: null }
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function become(next: Session) {
    session = next
    clearTimeout(timer)
    if (next.status === 'signed-in') watchExpiry(next.expiresAt)
    for (const listener of listeners) listener()
  }

  function watchExpiry(expiresAt: number) {
    const left = expiresAt - Date.now()
    if (left <= 0) return expire()
    timer = setTimeout(() => watchExpiry(expiresAt), Math.min(left, LONGEST_WAIT_MS))
  }

  function leave(notice: string | null, isReturning: boolean) {
    const email = isReturning && session.status === 'signed-in' ? session.user.email : ''
    // A keychain that refuses to forget leaves a token that the server no longer honours.
    credentials.clear().catch(() => undefined)
    become({ status: 'signed-out', notice, isReturning, email })
  }

  function expire() {
    if (session.status !== 'signed-out') leave(EXPIRED_NOTICE, true)
  }

  async function restore(attempt = 0): Promise<void> {
    clearTimeout(timer)
    const token = await credentials.load().catch(() => null)
    if (!token) return become({ status: 'signed-out', notice: null, isReturning: true, email: '' })
    const expiresAt = expiryOf(token)
    if (expiresAt <= Date.now()) return expire()
    try {
      const { user } = await api.verify(token)
      become({ status: 'signed-in', token, user, expiresAt, isKept: true })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return expire()
      onFailure(error)
      become({ status: 'restoring', error: error as Error })
      if (error instanceof UnreachableError) return // tried again when the connection is back
      timer = setTimeout(() => restore(attempt + 1), RESTORE_DELAYS_MS[attempt] ?? RESTORE_DELAYS_MS.at(-1))
    }
  }

  return {
    restore,
    expire,
    get: () => session,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async begin({ access_token: token, expires_in, user }: TokenReply): Promise<void> {
      const expiresAt = Date.now() + expires_in * 1000
      const isKept = await credentials.save(token).then(
        () => true,
        () => false,
      )
      become({ status: 'signed-in', token, user, expiresAt, isKept })
    },

    /** Signs out here in any case; says so when the server could not be told. */
    async end(): Promise<void> {
      if (session.status !== 'signed-in') return
      const { token } = session
      const notice = await api.logout(token).then(
        () => null,
        (error: unknown) =>
          error instanceof ApiError && error.status === 401
            ? null
            : 'You are signed out here, but the server could not be told: the session ends there when it expires.',
      )
      leave(notice, false)
    },
  }
}
