import { parentPort } from 'node:worker_threads'
import { type Score, type ScoreTask, score } from './score'

export type ScoreReply = { id: number } & ({ score: Score } | { failed: string; isRange: boolean })

parentPort?.on('message', ({ id, task }: { id: number; task: ScoreTask }) => {
  parentPort?.postMessage({ id, ...run(task) } satisfies ScoreReply)
})

function run(task: ScoreTask): { score: Score } | { failed: string; isRange: boolean } {
  try {
    return { score: score(task) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error), isRange: error instanceof RangeError }
  }
}
