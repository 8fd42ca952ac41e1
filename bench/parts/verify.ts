import { startProduct } from '../support/product'
import type { Result } from '../support/report'
import { sideBySide } from '../support/side-by-side'

const ROUNDS = 7
const REQUESTS = 20_000
const LIVE_TOKENS = 512

/** Tokens checked per second through the whole server, held against node:http and an HMAC. */
export async function verify(): Promise<Result[]> {
  const product = await startProduct(LIVE_TOKENS)
  const floor = await product.startFloor('token')
  const sides = {
    ours: product.server,
    floor,
    comparedWith: 'bare node:http + HMAC',
    rounds: ROUNDS,
    requestsPerRound: REQUESTS,
  }
  const live = product.verifyRequests(LIVE_TOKENS)
  const results = [
    ...(await sideBySide({
      ...sides,
      what: `verify, ${LIVE_TOKENS} live tokens`,
      atLeast: 0.85,
      requests: () => live,
    })),
    ...(await sideBySide({
      ...sides,
      what: 'verify, every token new',
      atLeast: 0.5,
      requests: () => product.verifyRequests(REQUESTS),
    })),
  ]
  await Promise.all([product.server.end(), floor.end()])
  return results
}
