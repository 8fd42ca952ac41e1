import { availableParallelism, setPriority } from 'node:os'
import bcrypt from 'bcrypt'
import { answerStart } from './support/answer-start'
import { repeatedly } from './support/repeatedly'

export interface BcryptOptions {
  cost: number
  loops: number
  milliseconds: number
}

// As many and as low as the server's hashing threads, so that whoever else uses the machine slows both down alike.
const LOWEST_PRIORITY = 19
const MOST_THREADS = 2

/** bcrypt and nothing else: answers how many passwords it compares per second. */
answerStart(async ({ cost, loops, milliseconds }: BcryptOptions) => {
  process.env.UV_THREADPOOL_SIZE = String(Math.min(MOST_THREADS, availableParallelism()))
  setPriority(LOWEST_PRIORITY)
  const password = 'correct horse battery staple'
  const hash = await bcrypt.hash(password, cost)
  return { value: await repeatedly({ loops, milliseconds }, () => bcrypt.compare(password, hash)) }
})
