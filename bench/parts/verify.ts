import { throughput } from '../support/load'
import { startProduct } from '../support/product'
import type { Result } from '../support/report'
import { compare, interleave } from '../support/statistics'

const ROUNDS = 7
const REQUESTS = 20_000
const LIVE_TOKENS = 512

/** Tokens checked per second through the whole server, held against node:http and an HMAC. */
export async function verify(): Promise<Result[]> {
  const product = await startProduct(LIVE_TOKENS)
  const floor = await product.startFloor('token')
  const live = product.verifyRequests(LIVE_TOKENS)
  const withLiveTokens = await interleave(
    ROUNDS,
    () => throughput({ port: product.port, requests: live }, REQUESTS),
    () => throughput({ port: floor.value, requests: live }, REQUESTS),
  )

  let fresh: Buffer[] = []
  const withNewTokens = await interleave(
    ROUNDS,
    () => {
      fresh = product.verifyRequests(REQUESTS)
      return throughput({ port: product.port, requests: fresh }, REQUESTS)
    },
    () => throughput({ port: floor.value, requests: fresh }, REQUESTS),
  )

  await Promise.all([product.end(), floor.end()])
  const comparedWith = 'bare node:http + HMAC'
  return [
    {
      what: `verify, ${LIVE_TOKENS} live tokens`,
      ...compare(withLiveTokens),
      comparedWith,
      unit: 'req/s',
      target: { atLeast: 0.85 },
    },
    {
      what: 'verify, every token new',
      ...compare(withNewTokens),
      comparedWith,
      unit: 'req/s',
      target: { atLeast: 0.5 },
    },
  ]
}
