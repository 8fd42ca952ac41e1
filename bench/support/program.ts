import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer } from './answer-start'
import { pinned } from './cores'

export interface Program<Value> {
  pid: number
  /** What the program answered once it had started. */
  value: Value
  end(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts one of the benchmark's programs in a process of its own, on the core of the servers. */
export async function startProgram<Options extends object, Value>(
  name: 'server' | 'floor' | 'bcrypt-alone' | 'ws-alone',
  options: Options,
): Promise<Program<Value>> {
  const { command, args } = pinned('server', process.execPath, [join(__dirname, `${name}.cjs`)])
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  running.add(child)
  ended.then(() => running.delete(child))
  child.send(options)
  const early = ended.then(() => Promise.reject(new Error(`${name} ended before it answered`)))
  const [answer] = (await Promise.race([once(child, 'message'), early])) as [Answer<Value>]
  early.catch(() => undefined)
  if (!answer.ok) throw new Error(`${name}: ${answer.reason}`)
  return {
    pid: child.pid ?? 0,
    value: answer.value,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
