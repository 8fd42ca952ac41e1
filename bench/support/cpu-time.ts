import { readFileSync } from 'node:fs'

const MS_PER_TICK = 10 // Linux counts in hundredths of a second, whatever the kernel's own clock

/** Milliseconds of CPU that a process has used, all its threads together; `undefined` where the system does not say. */
export function cpuTime(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  // proc(5): the name in brackets may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}
