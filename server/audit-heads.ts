import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the ends of audit logs are remembered outside their databases: short texts under names, none of them secret. */
export interface AuditHeadStore {
  place: 'keychain' | 'file'
  /** `null` when nothing is remembered under the name. */
  read(name: string): Promise<string | null>
  write(name: string, text: string): Promise<void>
}

/** Files in a folder, for a server without a keychain. What is in them is sealed; only an older copy would pass. */
export function fileAuditHeads(folder: string): AuditHeadStore {
  const fileOf = (name: string) => join(folder, `${name}.json`)
  return {
    place: 'file',
    async read(name) {
      try {
        return await readFile(fileOf(name), 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async write(name, text) {
      const draft = `${fileOf(name)}.${process.pid}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(draft, text, { mode: 0o600 })
      await rename(draft, fileOf(name))
    },
  }
}
