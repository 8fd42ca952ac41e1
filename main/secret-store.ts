/** Where secrets rest between starts. Small on purpose: another keychain library must be a one-file change. */
export interface SecretStore {
  /** `null` only when the store answered that it has no such entry. */
  read(account: string): Promise<string | null>
  write(account: string, value: string): Promise<void>
  remove(account: string): Promise<void>
}

/** One whose entries need not be known by name. */
export interface ListedSecretStore extends SecretStore {
  readAll(): Promise<{ account: string; value: string }[]>
}

/** The keychain could not be used. Its message is one plain sentence that says what to do. */
export class KeychainError extends Error {
  override name = 'KeychainError'
}
