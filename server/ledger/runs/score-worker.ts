import { parentPort } from 'node:worker_threads'
import { createTaskRunner, type LedgerTask, type TaskResult } from './score-tasks'

export type TaskReply = { id: number } & ({ result: TaskResult } | { failed: string; isRange: boolean })

const runTask = createTaskRunner()

parentPort?.on('message', ({ id, task }: { id: number; task: LedgerTask }) => {
  parentPort?.postMessage({ id, ...run(task) } satisfies TaskReply)
})

function run(task: LedgerTask): { result: TaskResult } | { failed: string; isRange: boolean } {
  try {
    return { result: runTask(task) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), isRange: error instanceof RangeError }
  }
}
