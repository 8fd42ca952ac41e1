import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import bcrypt from 'bcrypt'
import type { HashReply, HashTask } from './hash-pool'

const LOWEST_PRIORITY = 19

// On Linux a priority belongs to a thread; elsewhere this would slow the whole process down.
if (process.platform === 'linux' && workerData.lowPriority) setPriority(LOWEST_PRIORITY)

parentPort?.on('message', ({ id, task }: { id: number; task: HashTask }) => {
  parentPort?.postMessage({ id, ...run(task) } satisfies HashReply)
})

function run(task: HashTask): { value: string | boolean } | { failed: true } {
  try {
    return { value: task.kind === 'hash' ? bcrypt.hashSync(task.text, task.rounds) : compare(task) }
  } catch {
    return { failed: true }
  }
}

function compare({ text, hash, fillers }: HashTask & { kind: 'compare' }): boolean {
  const matches = bcrypt.compareSync(text, hash)
  if (!matches) for (const filler of fillers) bcrypt.compareSync(text, filler)
  return matches
}
