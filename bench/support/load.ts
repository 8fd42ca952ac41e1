import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Connection, withConnections } from './http-client'

const CONNECTIONS = 32

export interface Target {
  port: number
  requests: Buffer[]
}

/** Closed loop: every connection asks again as soon as it is answered. Answers requests per second. */
export function throughput({ port, requests }: Target, count: number): Promise<number> {
  return withConnections(port, CONNECTIONS, (connections) => askInTurn(connections, requests, count))
}

async function askInTurn(connections: Connection[], requests: Buffer[], count: number): Promise<number> {
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) {
        const request = requests[next % requests.length] as Buffer
        next += 1
        await connection.ask(request)
      }
    }),
  )
  return (count * 1000) / (performance.now() - startedAt)
}

/**
 * Open loop: requests come at their times whether or not those before are answered, so a stall counts for each request
 * it holds up. Answers the milliseconds from when each was due until it was answered.
 */
export function latencies({ port, requests }: Target, rate: Rate): Promise<number[]> {
  return withConnections(port, CONNECTIONS, (connections) => askOnTime(connections, requests, rate))
}

export interface Rate {
  perSecond: number
  milliseconds: number
}

async function askOnTime(
  connections: Connection[],
  requests: Buffer[],
  { perSecond, milliseconds }: Rate,
): Promise<number[]> {
  const count = Math.floor((perSecond * milliseconds) / 1000)
  const taken: number[] = []
  const idle = [...connections]
  const answers: Promise<void>[] = []
  const startedAt = performance.now()
  let sent = 0
  while (sent < count) {
    const due = startedAt + (sent * 1000) / perSecond
    const connection = performance.now() >= due ? idle.pop() : undefined
    if (connection === undefined) {
      await nextTurn() // spins: a timer would come up to a millisecond late
      continue
    }
    const answer = connection.ask(requests[sent % requests.length] as Buffer).then(() => {
      taken.push(performance.now() - due)
      idle.push(connection)
    })
    answers.push(answer)
    sent += 1
  }
  await Promise.all(answers)
  return taken
}
