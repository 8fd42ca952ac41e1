import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RuntimeFile, runtimeFile } from '../contracts/runtime-file'

/** The app or server that keeps its address in this data folder, if one is running. */
export function findRunningApp(dataFolder: string): RuntimeFile | undefined {
  try {
    const found = runtimeFile.parse(JSON.parse(readFileSync(join(dataFolder, 'runtime.json'), 'utf8')))
    return isRunning(found.pid) ? found : undefined
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it is another person's
  }
}
