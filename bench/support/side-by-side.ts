import { cpuTime } from './cpu-time'
import { throughput } from './load'
import type { Program } from './program'
import type { Result } from './report'
import { compare, interleave } from './statistics'

export interface Contest {
  what: string
  ours: Program<number>
  floor: Program<number>
  comparedWith: string
  atLeast: number
  rounds: number
  requestsPerRound: number
  /** The requests of one round, the same for both sides. */
  requests(): Buffer[]
  /** What the other side is asked, where that differs. */
  floorRequests?: Buffer[]
}

interface Rates {
  perSecond: number
  perCpuSecond: number | undefined
}

/**
 * Requests per second of both sides, and requests per second of CPU that their processes used: on a machine that is
 * busy with other things the first draws near to 1, because both sides wait alike, and the second does not.
 */
export async function sideBySide(contest: Contest): Promise<Result[]> {
  const { what, ours, floor, comparedWith, atLeast, rounds, requestsPerRound } = contest
  let requests: Buffer[] = []
  const rates = async ({ pid, value: port }: Program<number>, requests: Buffer[]): Promise<Rates> => {
    const before = cpuTime(pid)
    const perSecond = await throughput({ port, requests }, requestsPerRound)
    const after = cpuTime(pid)
    const used = before === undefined || after === undefined ? undefined : after - before
    return { perSecond, perCpuSecond: used === undefined ? undefined : (requestsPerRound * 1000) / used }
  }
  const pairs = await interleave(
    rounds,
    () => {
      requests = contest.requests()
      return rates(ours, requests)
    },
    () => rates(floor, contest.floorRequests ?? requests),
  )

  const target = { atLeast }
  const results: Result[] = [
    {
      what,
      ...compare(pairs.map((pair) => ({ ours: pair.ours.perSecond, other: pair.other.perSecond }))),
      comparedWith,
      unit: 'req/s',
      target,
    },
  ]
  const ofCpu = pairs.flatMap(({ ours: { perCpuSecond: mine }, other: { perCpuSecond: other } }) =>
    mine === undefined || other === undefined ? [] : [{ ours: mine, other }],
  )
  if (ofCpu.length > 0)
    results.push({ what: '  the same per second of CPU', ...compare(ofCpu), comparedWith, unit: 'req/s', target })
  return results
}
