import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type RuntimeFile, runtimeFile } from '../contracts/runtime-file'

/** Writes where the server answers, for its user's eyes only, and answers the function that takes it away again. */
export function writeRuntimeFile(file: string, content: RuntimeFile): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${content.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
  return () => {
    if (isMine(file, content)) rmSync(file, { force: true })
  }
}

// Another Aurelius that started later has written its own.
function isMine(file: string, { pid, port }: RuntimeFile): boolean {
  try {
    const found = runtimeFile.parse(JSON.parse(readFileSync(file, 'utf8')))
    return found.pid === pid && found.port === port
  } catch {
    return false
  }
}
