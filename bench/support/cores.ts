import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

type Side = 'server' | 'client'

/** Whether the two sides can have a core each: Linux with taskset and two cores or more. */
export const sidesArePinned = availableParallelism() >= 2 && hasTaskset()

const allowed = sidesArePinned ? listAllowedCores() : []
const CORE: Record<Side, string> = { server: allowed[0] ?? '', client: allowed[1] ?? '' }

/** The command on the core of its side, where that is possible. */
export function pinned(side: Side, command: string, args: string[]): { command: string; args: string[] } {
  return sidesArePinned ? { command: 'taskset', args: ['-c', CORE[side], command, ...args] } : { command, args }
}

/** Runs work while this process, which is the client, stays on its own core. */
export async function onClientCore<Value>(work: () => Promise<Value>): Promise<Value> {
  if (!sidesArePinned) return work()
  moveTo(CORE.client)
  try {
    return await work()
  } finally {
    moveTo(allowed.join(','))
  }
}

function moveTo(cores: string): void {
  execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' })
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** `0-1,4` as the system writes it, one entry per core. */
function listAllowedCores(): string[] {
  const [, list = ''] = execFileSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' }).split(': ')
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_none, index) => String(from + index))
    })
}
