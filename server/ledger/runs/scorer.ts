import { Worker } from 'node:worker_threads'
import { builtFile } from '../../built-file'
import { type Score, type ScoreTask, score } from './score'
import type { ScoreReply } from './score-worker'

/** Bytes of rows that are scored at once on the event loop: below a few milliseconds. */
const SMALL = 100_000
const IDLE_MS = 30_000

interface Waiting {
  resolve(score: Score): void
  reject(error: Error): void
}

export type Scorer = ReturnType<typeof createScorer>

/** Scores runs: short ones here, long ones in a thread of its own that starts when needed and ends when idle. */
export function createScorer() {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let idle: NodeJS.Timeout | undefined

  function start(): Worker {
    const fresh = new Worker(builtFile('server/score-worker.cjs'), { argv: [], env: {} })
    fresh.unref()
    fresh.on('message', ({ id, ...reply }: ScoreReply) => {
      const job = waiting.get(id)
      waiting.delete(id)
      if ('score' in reply) job?.resolve(reply.score)
      else job?.reject(reply.isRange ? new RangeError(reply.failed) : new Error(reply.failed))
      if (waiting.size === 0) idle = setTimeout(stop, IDLE_MS).unref()
    })
    const lost = (reason: Error) => {
      if (worker === fresh) worker = undefined
      for (const [id, job] of waiting) {
        waiting.delete(id)
        job.reject(reason)
      }
    }
    fresh.on('error', lost)
    fresh.on('exit', (code) => worker === fresh && lost(new Error(`The scoring thread ended with ${code}`)))
    return fresh
  }

  async function stop(): Promise<void> {
    const old = worker
    worker = undefined
    clearTimeout(idle)
    for (const job of waiting.values()) job.reject(new Error('The server is stopping'))
    waiting.clear()
    await old?.terminate()
  }

  return {
    /** @throws {RangeError} the rows are no curve or no trades that can be scored */
    async score(task: ScoreTask): Promise<Score> {
      const bytes = [...task.points, ...task.trades].reduce((sum, part) => sum + part.length, 0)
      if (bytes <= SMALL) return score(task)
      clearTimeout(idle)
      worker ??= start()
      lastId += 1
      const id = lastId
      const thread = worker
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        thread.postMessage({ id, task })
      })
    },
    close: stop,
  }
}
