import { throughput } from '../support/load'
import { startProduct } from '../support/product'
import type { Result } from '../support/report'
import { compare, interleave } from '../support/statistics'

const ROUNDS = 7
const REQUESTS = 16_384
// Twice what the server remembers: taken in turn, each user was forgotten since the last time, so every request reads.
const USERS = 2048

/** Tokens checked and their users read per second, held against a prepared statement behind node:http. */
export async function userRow(): Promise<Result[]> {
  const product = await startProduct(USERS)
  const floor = await product.startFloor('row')
  const requests = product.verifyRequests(USERS)

  const pairs = await interleave(
    ROUNDS,
    () => throughput({ port: product.port, requests }, REQUESTS),
    () => throughput({ port: floor.value, requests }, REQUESTS),
  )

  await Promise.all([product.end(), floor.end()])
  return [
    {
      what: 'verify, user row read each time',
      ...compare(pairs),
      comparedWith: 'bare node:http + HMAC + prepared read',
      unit: 'req/s',
      target: { atLeast: 0.6 },
    },
  ]
}
