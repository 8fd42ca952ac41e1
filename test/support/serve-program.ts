import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { expect, onTestFinished } from 'vitest'

const PROGRAM = resolve(import.meta.dirname, '../../dist/main/serve.cjs')

export interface ServedProgram {
  origin: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** The folder that a script finds such a server by. */
export const dataFolderIn = (folder: string): string => join(folder, 'config', 'Aurelius')

/** The built headless server, at a port of its choice, on a folder that outlives it. */
export async function serveProgram(folder: string, environment: Record<string, string> = {}): Promise<ServedProgram> {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PORT: '0',
      SECRET_KEY: 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E',
      DB_STORAGE: join(folder, 'aurelius.db'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const origin = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
  await expect.poll(origin, { timeout: 20_000 }).toBeDefined()
  return { origin: origin() ?? '', kill }
}
