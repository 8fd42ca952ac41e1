import { stat } from 'node:fs/promises'
import { DatabaseUnavailableError } from '../errors'

/**
 * Makes the check that a file is still the one it was: a database that was moved or replaced while it is open would go on
 * answering from what is no longer there, and its next transaction would begin an empty one.
 */
export async function rememberFile(path: string): Promise<() => Promise<void>> {
  const opened = await stat(path)
  return async () => {
    const found = await stat(path).catch(() => undefined)
    if (found?.ino !== opened.ino || found.dev !== opened.dev)
      throw new DatabaseUnavailableError(new Error('The database file is no longer the one that was opened'))
  }
}
