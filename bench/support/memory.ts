import { readdirSync, readFileSync } from 'node:fs'

/** A process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const parents = new Map(runningProcesses().map((member) => [member, parentOf(member)]))
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  }
  return family
}

/** Megabytes of memory, with each page that processes share counted once among them (PSS). */
export function memoryOf(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + proportionalKilobytes(pid), 0) / 1024
}

function proportionalKilobytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
}

function runningProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0 // it has just ended
  }
}
