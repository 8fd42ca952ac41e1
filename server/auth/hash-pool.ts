import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file'
import { BusyError } from '../errors'

export type HashTask =
  | { kind: 'hash'; text: string; rounds: number }
  /** `fillers` are compared as well when the hash does not match, so that a cheap hash takes as long as a usual one. */
  | { kind: 'compare'; text: string; hash: string; fillers: string[] }
export type HashReply = { id: number } & ({ value: string | boolean } | { failed: true })

const MOST_WAITING = 256
const MOST_WORK_MS = 8_000
const FIRST_GUESS_MS = 250 // what a hash of the usual cost takes
const NEWEST_WEIGHS = 0.2
const RETRY_AFTER_SECONDS = MOST_WORK_MS / 1000

interface Job {
  id: number
  task: HashTask
  startedAt: number
  resolve(value: string | boolean): void
  reject(error: Error): void
}

export type HashPool = ReturnType<typeof createHashPool>

/**
 * Runs bcrypt in one or two worker threads of lowest priority, away from the event loop and from libuv's pool, where
 * the database driver works. Threads start when first needed.
 *
 * @throws {BusyError} so many hashes are waiting that the next one would wait for more than 8 seconds, or its caller left
 */
export function createHashPool(size = Math.min(2, availableParallelism())) {
  const waiting: Job[] = []
  const idle: Worker[] = []
  const running = new Map<Worker, Job | undefined>()
  let lastId = 0
  let usualMs = FIRST_GUESS_MS
  let closed = false

  function give(worker: Worker, job: Job | undefined): void {
    running.set(worker, job)
    if (job) job.startedAt = performance.now()
    if (job) worker.postMessage({ id: job.id, task: job.task })
    else idle.push(worker)
  }

  function start(): Worker {
    const worker = new Worker(builtFile('server/hash-worker.cjs'), {
      workerData: { lowPriority: true },
      argv: [],
      env: {},
    })
    worker.unref()
    worker.on('message', (reply: HashReply) => {
      const job = running.get(worker)
      if (job) usualMs += NEWEST_WEIGHS * (performance.now() - job.startedAt - usualMs)
      give(worker, waiting.shift())
      if ('value' in reply) job?.resolve(reply.value)
      else job?.reject(new Error('The password could not be hashed'))
    })
    const lost = (reason: Error) => {
      const job = running.get(worker)
      running.delete(worker)
      const place = idle.indexOf(worker)
      if (place >= 0) idle.splice(place, 1)
      job?.reject(reason)
      const next = closed ? undefined : waiting.shift()
      if (next) give(start(), next)
    }
    worker.on('error', lost)
    worker.on('exit', (code) => running.has(worker) && lost(new Error(`The hashing thread ended with ${code}`)))
    return worker
  }

  const isFull = () => waiting.length >= Math.min(MOST_WAITING, Math.max(1, (MOST_WORK_MS * size) / usualMs))

  function run(task: HashTask, signal: AbortSignal | undefined): Promise<string | boolean> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted || isFull()) return reject(new BusyError(RETRY_AFTER_SECONDS))
      lastId += 1
      const job: Job = { id: lastId, task, startedAt: 0, resolve, reject }
      signal?.addEventListener('abort', () => leave(job), { once: true })
      const worker = idle.pop() ?? (running.size < size ? start() : undefined)
      if (worker) give(worker, job)
      else waiting.push(job)
    })
  }

  function leave(job: Job): void {
    const place = waiting.indexOf(job)
    if (place < 0) return
    waiting.splice(place, 1)
    job.reject(new BusyError(RETRY_AFTER_SECONDS))
  }

  return {
    hash: (text: string, rounds: number, signal?: AbortSignal) =>
      run({ kind: 'hash', text, rounds }, signal) as Promise<string>,
    compare: (text: string, hash: string, fillers: string[], signal?: AbortSignal) =>
      run({ kind: 'compare', text, hash, fillers }, signal) as Promise<boolean>,
    async close() {
      closed = true
      const workers = [...running.keys()]
      for (const job of waiting.splice(0)) job.reject(new BusyError(RETRY_AFTER_SECONDS))
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
