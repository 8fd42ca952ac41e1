import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'

const LARGEST_BYTES = 256 * 1024

let file: string | null = null

/** From now on `report` also writes to `desktop.log` there; what was in it when it grew too large is in `desktop.1.log`. */
export function keepDesktopLog(folder: string): void {
  file = join(folder, 'desktop.log')
}

/** Says on stderr and in the log what went wrong outside the server. Never throws: a full disk has to be reported too. */
export function report(what: unknown, error?: unknown): void {
  const said = error === undefined ? [what] : [what, error]
  const text = said.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' ')
  console.error(text)
  if (file !== null) append(file, `${new Date().toISOString()} ${text}\n`)
}

function append(to: string, line: string): void {
  try {
    mkdirSync(join(to, '..'), { recursive: true, mode: 0o700 })
    const size = statSync(to, { throwIfNoEntry: false })?.size ?? 0
    if (size + line.length > LARGEST_BYTES) renameSync(to, to.replace(/\.log$/, '.1.log'))
    appendFileSync(to, line.slice(-LARGEST_BYTES), { mode: 0o600 })
  } catch {
    // stderr has it
  }
}
