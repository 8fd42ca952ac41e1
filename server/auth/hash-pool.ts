import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file'
import { BusyError } from '../errors'

export type HashTask = { kind: 'hash'; text: string; rounds: number } | { kind: 'compare'; text: string; hash: string }
export type HashReply = { id: number } & ({ value: string | boolean } | { failed: true })

const MOST_WAITING = 256
const RETRY_AFTER_SECONDS = 10

interface Job {
  id: number
  task: HashTask
  resolve(value: string | boolean): void
  reject(error: Error): void
}

export type HashPool = ReturnType<typeof createHashPool>

/**
 * Runs bcrypt in one or two worker threads of lowest priority, away from the event loop and from libuv's pool, where
 * the database driver works. Threads start when first needed.
 *
 * @throws {BusyError} more than 256 hashes are waiting
 */
export function createHashPool(size = Math.min(2, availableParallelism())) {
  const waiting: Job[] = []
  const idle: Worker[] = []
  const running = new Map<Worker, Job | undefined>()
  let lastId = 0
  let closed = false

  function give(worker: Worker, job: Job | undefined): void {
    running.set(worker, job)
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

  function run(task: HashTask): Promise<string | boolean> {
    return new Promise((resolve, reject) => {
      if (waiting.length >= MOST_WAITING) return reject(new BusyError(RETRY_AFTER_SECONDS))
      lastId += 1
      const job: Job = { id: lastId, task, resolve, reject }
      const worker = idle.pop() ?? (running.size < size ? start() : undefined)
      if (worker) give(worker, job)
      else waiting.push(job)
    })
  }

  return {
    hash: (text: string, rounds: number) => run({ kind: 'hash', text, rounds }) as Promise<string>,
    compare: (text: string, hash: string) => run({ kind: 'compare', text, hash }) as Promise<boolean>,
    async close() {
      closed = true
      const workers = [...running.keys()]
      for (const job of waiting.splice(0)) job.reject(new BusyError(RETRY_AFTER_SECONDS))
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
