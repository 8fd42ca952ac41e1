import { setTimeout as pause } from 'node:timers/promises'
import { KeychainError, type ListedSecretStore } from '../../main/secret-store'

export interface MemoryKeychain extends ListedSecretStore {
  entries: Map<string, string>
  /** From now on so many more changes are kept; then the program dies with the next one. */
  failAfter(changes: number): void
}

/** A keychain that can fail where a real one cannot be made to. */
export function memoryKeychain(found: Record<string, string> = {}): MemoryKeychain {
  const entries = new Map(Object.entries(found))
  let changesLeft = Number.POSITIVE_INFINITY
  async function change(work: () => void): Promise<void> {
    await pause(0)
    changesLeft -= 1
    if (changesLeft < 0) throw new KeychainError('The keychain is locked: unlock it, then try again.')
    work()
  }
  return {
    entries,
    failAfter(changes) {
      changesLeft = changes
    },
    async read(account) {
      await pause(0)
      return entries.get(account) ?? null
    },
    async readAll() {
      await pause(0)
      return [...entries].map(([account, value]) => ({ account, value }))
    },
    write: (account, value) => change(() => void entries.set(account, value)),
    remove: (account) => change(() => void entries.delete(account)),
  }
}
