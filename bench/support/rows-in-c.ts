import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pinned } from './cores'
import { temporaryFolder } from './temporary-folder'

const SOURCE = resolve(__dirname, '../../bench/rows.c')

/** Milliseconds that so many rows take in C, in the table that would hold them or in one that names no run by its id. */
export type RowsInC = (kind: 'points' | 'trades', key: 'keyed' | 'bare', count: number) => number

/** Nothing where there is no compiler or no SQLite to link with. */
export function compileRowsInC(): RowsInC | undefined {
  const folder = temporaryFolder()
  const program = join(folder, 'rows')
  try {
    execFileSync('cc', ['-O2', '-o', program, SOURCE, '-lsqlite3'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return (kind, key, count) => {
    const file = join(folder, `${randomUUID()}.db`)
    const { command, args } = pinned('server', program, [file, kind, key, String(count)])
    const taken = Number(execFileSync(command, args, { encoding: 'utf8' }))
    rmSync(file)
    return taken
  }
}
