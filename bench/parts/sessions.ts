import { type Connection, withConnections } from '../support/http-client'
import { startProduct } from '../support/product'
import { refreshCookieIn, refreshRequest } from '../support/refresh'
import { repeatedly } from '../support/repeatedly'
import type { Result } from '../support/report'
import { sideBySide } from '../support/side-by-side'
import { openSpareSessions } from '../support/spare-sessions'
import { compare, interleave } from '../support/statistics'

const ROUNDS = 7
const REQUESTS = 20_000
const LIVE_TOKENS = 512
const REVOKED = 100_000
const PAGES = 32
const ROUND_MS = 3_000

/** What a long list of ended sessions costs the check of a token, and how fast pages renew theirs. */
export async function sessions(): Promise<Result[]> {
  const [product, other] = [await startProduct(LIVE_TOKENS), await startProduct(LIVE_TOKENS)]
  // Both have then learned of ends, and refused tokens until they had: one that never did runs up to a fifth faster.
  await Promise.all([product.endSessions(REVOKED), other.endSessions(1)])
  const live = product.verifyRequests(LIVE_TOKENS)
  const results = await sideBySide({
    what: `verify, ${REVOKED.toLocaleString('en')} sessions revoked`,
    ours: product.server,
    floor: other.server,
    comparedWith: 'the same with none revoked',
    atLeast: 0.95,
    rounds: ROUNDS,
    requestsPerRound: REQUESTS,
    requests: () => live,
    floorRequests: other.verifyRequests(LIVE_TOKENS),
  })
  await product.server.end()

  const port = other.server.value
  const cookies = await other.openPages(PAGES)
  const renewals = () =>
    withConnections(port, PAGES, (connections) =>
      repeatedly({ loops: PAGES, milliseconds: ROUND_MS }, async (page) => {
        const head = await (connections[page] as Connection).ask(refreshRequest(port, cookies[page] as string))
        cookies[page] = refreshCookieIn(head)
      }),
    )
  const spare = await openSpareSessions()
  const writes = () => repeatedly({ loops: 1, milliseconds: ROUND_MS }, spare.renew)
  const pairs = await interleave(ROUNDS, renewals, writes)
  await spare.close()
  await other.server.end()
  results.push({
    what: `renewals, ${PAGES} pages`,
    ...compare(pairs),
    comparedWith: 'the same three writes by the driver alone',
    unit: 'req/s',
    target: { atLeast: 0.5 },
  })
  return results
}
