import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type RuntimeFile, runtimeFile } from '../contracts/runtime-file'
import { EXIT, StartError } from './start-error'

const LOOK_AGAIN_MS = 5_000

/**
 * Makes sure that a runtime file can be written, before anything else is.
 *
 * @throws {StartError} 73, with the folder that cannot hold it
 */
export function prepareRuntimeFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const draft = draftOf(file, process.pid)
    writeFileSync(draft, '', { mode: 0o600 })
    rmSync(draft)
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder')
  } catch (cause) {
    throw new StartError(
      EXIT.cannotCreate,
      `The file ${file} cannot be written: give yourself write access to its folder, and free the name if a folder has it.`,
      { cause },
    )
  }
}

/**
 * Writes where the server answers, for its user's eyes only, and answers the function that takes it away again. While
 * it runs it writes again what another server of the same data folder took away or left behind.
 */
export function keepRuntimeFile(file: string, content: RuntimeFile): () => void {
  write(file, content)
  const looking = setInterval(() => {
    if (!findRunningServer(file)) tryTo(() => write(file, content))
  }, LOOK_AGAIN_MS)
  looking.unref()
  return () => {
    clearInterval(looking)
    // Another Aurelius that started later has written its own.
    const found = read(file)
    if (found?.pid === content.pid && found.port === content.port) rmSync(file, { force: true })
  }
}

function write(file: string, content: RuntimeFile): void {
  const draft = draftOf(file, content.pid)
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

function read(file: string): RuntimeFile | undefined {
  return tryTo(() => runtimeFile.parse(JSON.parse(readFileSync(file, 'utf8'))))
}

/** The server that a runtime file names, if its process is alive. */
export function findRunningServer(file: string): RuntimeFile | undefined {
  const found = read(file)
  return found && isAlive(found.pid) ? found : undefined
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it is another person's
  }
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

const draftOf = (file: string, pid: number) => `${file}.${pid}`
