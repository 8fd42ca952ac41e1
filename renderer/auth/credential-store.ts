import type { DesktopBridge } from '../../contracts/ipc'

declare global {
  interface Window {
    readonly aurelius?: DesktopBridge
  }
}

const KEY = 'aurelius-access-token'

/** Where the access token lives between two loads of the page. Nothing else reads or writes it. */
export interface CredentialStore {
  load(): Promise<string | null>
  save(accessToken: string): Promise<void>
  clear(): Promise<void>
}

export function createCredentialStore(): CredentialStore {
  return window.aurelius?.credential ?? browserStore
}

/** A browser has no keychain for pages: the token lives as long as its tab, and no other tab can read it. */
const browserStore: CredentialStore = {
  async load() {
    return sessionStorage.getItem(KEY)
  },
  async save(accessToken) {
    sessionStorage.setItem(KEY, accessToken)
  },
  async clear() {
    sessionStorage.removeItem(KEY)
  },
}
