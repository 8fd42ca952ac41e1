import { renameSync, writeFileSync } from 'node:fs'

/** Written beside and renamed, so that a crash half-way leaves the old file. */
export function writeWhole(file: string, content: string): void {
  const draft = `${file}.new`
  writeFileSync(draft, content)
  renameSync(draft, file)
}
