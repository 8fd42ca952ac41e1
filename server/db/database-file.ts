import { chmodSync, statSync } from 'node:fs'
import { EXIT, StartError } from '../start-error'

/** Opening a pipe would wait for somebody at its other end, and a device would take what is written to it. */
export function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found && !found.isFile() && !found.isDirectory())
    throw new StartError(
      EXIT.cannotCreate,
      `The database ${path} is no file, but a pipe, a socket or a device: choose another one with DB_STORAGE.`,
    )
}

/**
 * Takes everybody but its owner away from a database that others may read: it may have been made by another program, or
 * copied here. Windows keeps such rights elsewhere.
 *
 * @returns whether it was open to others
 */
export function makePrivate(storage: string): boolean {
  const isOpen = (path: string) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0
  const open = process.platform === 'win32' ? [] : [storage, `${storage}-wal`, `${storage}-shm`].filter(isOpen)
  for (const path of open) chmodSync(path, statSync(path).mode & 0o700)
  return open.length > 0
}
