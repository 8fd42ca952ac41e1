import { Worker } from 'node:worker_threads'
import type { Trade } from '../../../contracts/backtests'
import type { ValidationWindow } from '../../../contracts/validations'
import { builtFile } from '../../built-file'
import type { ReturnsPicture, ReturnsTask } from './returns-task'
import type { Score, ScoreTask } from './score'
import { createTaskRunner, type LedgerTask, type TaskResult } from './score-tasks'
import type { TaskReply } from './score-worker'
import type { TradePageTask } from './trade-page'
import type { WalkForwardTask } from './walk-forward-task'

/** Bytes of rows that are worked on at once on the event loop: below a few milliseconds. */
const SMALL = 100_000
const IDLE_MS = 30_000

interface Waiting {
  resolve(result: TaskResult): void
  reject(error: Error): void
}

export type Scorer = ReturnType<typeof createScorer>

/** Works on recorded rows: short ones here, long ones in a thread that starts when needed and ends when idle. */
export function createScorer() {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  let idle: NodeJS.Timeout | undefined

  function start(): Worker {
    const fresh = new Worker(builtFile('server/score-worker.cjs'), { argv: [], env: {} })
    fresh.unref()
    fresh.on('message', ({ id, ...reply }: TaskReply) => {
      const job = waiting.get(id)
      waiting.delete(id)
      if ('result' in reply) job?.resolve(reply.result)
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

  async function run(task: LedgerTask, rows: Uint8Array[], moved: ArrayBuffer[] = []): Promise<TaskResult> {
    const size = rows.reduce((sum, part) => sum + part.length, 0)
    // A runner of its own: what it remembers goes with it.
    return size <= SMALL ? createTaskRunner()(task) : runThere(task, moved)
  }

  async function runThere(task: LedgerTask, moved: ArrayBuffer[] = []): Promise<TaskResult> {
    clearTimeout(idle)
    worker ??= start()
    lastId += 1
    const id = lastId
    const thread = worker
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      thread.postMessage({ id, task }, moved)
    })
  }

  return {
    /**
     * @param isSpent whether the bytes of the rows are needed no more: then they move to the thread instead of a copy
     * @throws {RangeError} the rows are no curve or no trades that can be scored
     */
    score: (task: ScoreTask, { isSpent }: { isSpent: boolean }) => {
      const rows = [...task.points, ...(task.trades ?? [])]
      return run({ kind: 'score', task }, rows, isSpent ? wholeBuffers(rows) : []) as Promise<Score>
    },
    /** @throws {RangeError} the plan makes no sense, or too many windows */
    walkForward: (task: WalkForwardTask) =>
      run({ kind: 'walk_forward', task }, task.points) as Promise<ValidationWindow[]>,
    returns: (task: ReturnsTask) => run({ kind: 'returns', task }, task.points) as Promise<ReturnsPicture>,
    /**
     * A page of a run's trades in some order.
     *
     * @param size bytes that the trades take, which decides where they are sorted
     * @param read gives their segments, where the thread does not have them from the page before; they are moved there
     */
    async tradePage(
      page: Omit<TradePageTask, 'parts'>,
      size: number,
      read: () => Promise<Uint8Array[]>,
    ): Promise<Trade[]> {
      const ask = (parts: Uint8Array[] | null, moved?: ArrayBuffer[]) => {
        const task: LedgerTask = { kind: 'trade_page', task: { ...page, parts } }
        return (size <= SMALL ? run(task, []) : runThere(task, moved)) as Promise<Trade[] | null>
      }
      const known = size <= SMALL ? null : await ask(null)
      if (known) return known
      const parts = await read()
      return (await ask(parts, wholeBuffers(parts))) ?? []
    },
    close: stop,
  }
}

/** The memory of parts that share it with nothing else. */
function wholeBuffers(parts: readonly Uint8Array[]): ArrayBuffer[] {
  return parts.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  )
}
