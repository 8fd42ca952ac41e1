import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Where a file of the build lies, whether this code runs from the bundle, from the packaged archive or from source.
 *
 * @param file path inside `dist`
 * @throws {Error} the build is missing
 */
export function builtFile(file: string): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(folder, 'dist', file)
    // A thread is started by the operating system's loader, which cannot look into the archive.
    if (existsSync(candidate)) return candidate.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
    if (folder === dirname(folder)) throw new Error(`dist/${file} is missing: run npm run build`)
    folder = dirname(folder)
  }
}
