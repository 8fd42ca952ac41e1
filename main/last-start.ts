import { readFileSync } from 'node:fs'
import { writeWhole } from './write-whole'

interface LastStart {
  origin: string
  version: string
}

/** Where the server of this very version was the last time; `null` where there was none, or the note is damaged. */
export function readLastOrigin(file: string, version: string): string | null {
  try {
    const last = JSON.parse(readFileSync(file, 'utf8')) as Partial<LastStart>
    return last.version === version && isLoopbackOrigin(last.origin) ? last.origin : null
  } catch {
    return null
  }
}

export function writeLastOrigin(file: string, last: LastStart): void {
  writeWhole(file, JSON.stringify(last))
}

function isLoopbackOrigin(origin: unknown): origin is string {
  return typeof origin === 'string' && /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?$/.test(origin)
}
