import { startProduct } from '../support/product'
import type { Result } from '../support/report'
import { sideBySide } from '../support/side-by-side'

const ROUNDS = 7
const REQUESTS = 16_384
// Twice what the server remembers: taken in turn, each user was forgotten since the last time, so every request reads.
const USERS = 2048

/** Tokens checked and their users read per second, held against a prepared statement behind node:http. */
export async function userRow(): Promise<Result[]> {
  const product = await startProduct(USERS)
  const floor = await product.startFloor('row')
  const requests = product.verifyRequests(USERS)
  const results = await sideBySide({
    what: 'verify, user row read each time',
    ours: product.server,
    floor,
    comparedWith: 'bare node:http + HMAC + prepared read',
    atLeast: 0.6,
    rounds: ROUNDS,
    requestsPerRound: REQUESTS,
    requests: () => requests,
  })
  await Promise.all([product.server.end(), floor.end()])
  return results
}
