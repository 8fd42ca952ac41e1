import { startProduct } from '../support/product'
import type { Result } from '../support/report'
import { sideBySide } from '../support/side-by-side'

const ROUNDS = 7
const REQUESTS = 20_000
const LIVE = 512

/** API keys checked per second through the whole server, held against access tokens at the same server. */
export async function keys(): Promise<Result[]> {
  const product = await startProduct(LIVE)
  const keyRequests = await product.keyRequests(LIVE)
  const results = await sideBySide({
    what: `verify, ${LIVE} live API keys`,
    ours: product.server,
    floor: product.server,
    comparedWith: 'the same with access tokens',
    atLeast: 0.9,
    rounds: ROUNDS,
    requestsPerRound: REQUESTS,
    requests: () => keyRequests,
    floorRequests: product.verifyRequests(LIVE),
  })
  await product.server.end()
  return results
}
