import { report } from './desktop-log'
import type { SecretStore } from './secret-store'

const ACCOUNT = 'refresh-token'
const ACCOUNT_OF_EARLIER_VERSIONS = 'access-token'
const SHAPE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,4096}$/ // what a cookie may hold, RFC 6265 section 4.1.1

export interface RefreshToken {
  /** `null`: nobody is signed in, or the keychain does not tell. It is asked until it has answered once. */
  get(): Promise<string | null>
  /** Whether this is the token that `get` would give, as far as that is known by now. */
  is(token: string): boolean
  /** `null` forgets it. Counts at once; the keychain follows. */
  set(token: string | null): void
  /** Resolves when the keychain has what was set last, or has refused it. Never rejects. */
  settled(): Promise<void>
}

/**
 * The token that keeps the window signed in: in memory for as long as the app runs, in the keychain for its next start.
 * So a keychain that is slow or refuses delays no renewal after the first, and ends no session before the app does.
 */
export function createRefreshToken(store: SecretStore): RefreshToken {
  let current: string | null | undefined // until the keychain has answered
  let reading: Promise<void> | undefined
  let tried: string | null | undefined // what the keychain was asked to hold, whether it did so or not
  let lastTurn: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    try {
      const found = await store.read(ACCOUNT)
      if (current === undefined) current = found !== null && SHAPE.test(found) ? found : null
      store.remove(ACCOUNT_OF_EARLIER_VERSIONS).catch(() => undefined)
    } catch (error) {
      report('The keychain does not tell whether somebody is signed in:', error)
    }
    reading = undefined
  }

  /** In turn, and each time what is newest by then: an older token never comes to lie over a newer one. */
  async function keepNewest(): Promise<void> {
    const newest = current ?? null
    if (newest === tried) return
    tried = newest
    try {
      await (newest === null ? store.remove(ACCOUNT) : store.write(ACCOUNT, newest))
    } catch (error) {
      report('The keychain did not take the change; the next start may ask to sign in again:', error)
    }
  }

  return {
    async get() {
      if (current === undefined) {
        reading ??= read()
        await reading
      }
      return current ?? null
    },
    is: (token) => token === current,
    set(token) {
      current = token
      lastTurn = lastTurn.then(keepNewest)
    },
    settled: () => lastTurn,
  }
}
