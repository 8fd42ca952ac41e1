import type { BcryptOptions } from '../bcrypt-alone'
import { type Connection, withConnections } from '../support/http-client'
import { latencies } from '../support/load'
import { BCRYPT_COST, startProduct } from '../support/product'
import { startProgram } from '../support/program'
import { repeatedly } from '../support/repeatedly'
import type { Result } from '../support/report'
import { compare, quantile } from '../support/statistics'

const ROUNDS = 5
const ROUND_MS = 6_000
const VERIFIES_PER_SECOND = 500
const LOGIN_LOOPS = 4
const USERS = 512

interface Round {
  idle: number[]
  busy: number[]
  loginsPerSecond: number
  comparesPerSecond: number
}

/** How long others wait for a token to be checked while people sign in, and how fast those sign in. */
export async function signIns(): Promise<Result[]> {
  const product = await startProduct(USERS)
  const target = { port: product.server.value, requests: product.verifyRequests(USERS) }
  const logins = product.loginRequests(LOGIN_LOOPS)
  const rate = { perSecond: VERIFIES_PER_SECOND, milliseconds: ROUND_MS }

  await latencies(target, rate)
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const idle = await latencies(target, rate)
    const [busy, loginsPerSecond] = await Promise.all([
      latencies(target, rate),
      signInRepeatedly(product.server.value, logins),
    ])
    rounds.push({ idle, busy, loginsPerSecond, comparesPerSecond: await bcryptAlone() })
  }

  await product.server.end()
  return [latency(rounds, 0.5, 1.1), latency(rounds, 0.99, 3), loginResult(rounds)]
}

function latency(rounds: Round[], share: number, atMost: number): Result {
  const pairs = rounds.map(({ idle, busy }) => ({ ours: quantile(busy, share), other: quantile(idle, share) }))
  return {
    what: `verify p${share * 100} during ${LOGIN_LOOPS} login loops`,
    ...compare(pairs),
    comparedWith: 'the same server, nobody signing in',
    unit: 'ms',
    target: { atMost },
  }
}

function signInRepeatedly(port: number, logins: Buffer[]): Promise<number> {
  return withConnections(port, LOGIN_LOOPS, (connections) =>
    repeatedly({ loops: LOGIN_LOOPS, milliseconds: ROUND_MS }, (loop) =>
      (connections[loop] as Connection).ask(logins[loop] as Buffer),
    ),
  )
}

async function bcryptAlone(): Promise<number> {
  const options = { cost: BCRYPT_COST, loops: LOGIN_LOOPS, milliseconds: ROUND_MS }
  const program = await startProgram<BcryptOptions, number>('bcrypt-alone', options)
  await program.end()
  return program.value
}

function loginResult(rounds: Round[]): Result {
  return {
    what: `logins, ${LOGIN_LOOPS} loops`,
    ...compare(rounds.map(({ loginsPerSecond: ours, comparesPerSecond: other }) => ({ ours, other }))),
    comparedWith: 'bcrypt.compare alone',
    unit: 'logins/s',
    target: { atLeast: 0.9 },
  }
}
