import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { pinned } from './cores'
import { temporaryFolder } from './temporary-folder'

const SOURCE = resolve(__dirname, '../../bench/rows.c')

/** Milliseconds that so many rows take in C; nothing where there is no compiler or no SQLite to link with. */
export type RowsInC = (kind: 'points' | 'trades', count: number) => number

export function compileRowsInC(): RowsInC | undefined {
  const folder = temporaryFolder()
  const program = join(folder, 'rows')
  try {
    execFileSync('cc', ['-O2', '-o', program, SOURCE, '-lsqlite3'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return (kind, count) => {
    const { command, args } = pinned('server', program, [join(folder, `${randomUUID()}.db`), kind, String(count)])
    return Number(execFileSync(command, args, { encoding: 'utf8' }))
  }
}
