import { createHmac } from 'node:crypto'
import type { Transaction } from 'sequelize'
import { CLOCK_TOLERANCE_MS } from '../clock'
import { AppError, TooManyAttemptsError } from '../errors'
import type { Counts } from './counts'
import { createGate } from './gate'
import { type Policy, type Rule, waitOf } from './rules'
import { PROLONG, Tally } from './tally'

const KEY_LABEL = 'aurelius/limits/v1'
const DAY = 86_400
const PROVEN = { points: 1, seconds: 90 * DAY }
/** A proof is written once a month, not at each sign-in. */
const RENEW_PROOF_MS = 60 * DAY * 1000

/** Who tries: the account as the caller names it, known or not, and the network the request comes from. */
export interface Caller {
  account: string
  address: string
}

/** Failures that are remembered under one key. */
export interface Failures {
  key: string
  /** `pair`: of the account from one address; `account`: from all that it does not use. */
  scope: 'pair' | 'account'
  failures: number
  lockedUntil: number | null // milliseconds since 1970; null: the next attempt does not wait
}

interface Place {
  name: string
  rule: Rule
  tally: Tally
  id: string
  key: string
}

export type Limits = ReturnType<typeof createLimits>

/** Slows down and then locks whoever fails too often, by rules that every account, known or not, is under alike. */
export function createLimits(counts: Counts, secret: Uint8Array, now: () => number) {
  const hashKey = createHmac('sha256', secret).update(KEY_LABEL).digest()
  const gate = createGate()
  const proven = new Tally(counts, now, 'proven', PROVEN)
  const tallies = new Map<string, Tally>()

  function tallyOf(name: string, { free, seconds }: Rule): Tally {
    const tally = tallies.get(name) ?? new Tally(counts, now, name, { points: free, seconds })
    tallies.set(name, tally)
    return tally
  }

  /** No key tells an e-mail address or a network to who reads the table. */
  const hashed = (...parts: string[]) => createHmac('sha256', hashKey).update(parts.join('\0')).digest('base64url')

  /** Begins with its account's, so that all addresses that tried one account can be found. */
  const pairOf = ({ account, address }: Caller) => `${hashed(account)}.${hashed(account, address)}`

  function placesOf({ name: policyName, rules }: Policy, caller: Caller): Place[] {
    const { account, address } = caller
    const ids = { pair: pairOf(caller), account: hashed(account), address: hashed(address) }
    return Object.entries(rules).map(([scope, rule]) => {
      const name = `${policyName}-${scope}`
      const id = ids[scope as keyof typeof ids]
      const tally = tallyOf(name, rule)
      return { name, rule, tally, id, key: tally.getKey(id) }
    })
  }

  /** What is counted at a place. What a clock that was ahead has counted lasts from now on, and not until that day. */
  async function countAt({ tally, rule, id }: Place) {
    const count = await tally.get(id)
    if (!count || count.msBeforeNext <= rule.seconds * 1000 + CLOCK_TOLERANCE_MS) return count
    await tally.set(id, count.consumedPoints, rule.seconds)
    return tally.get(id)
  }

  /** @throws {TooManyAttemptsError} one of the places is locked; the longest wait counts */
  async function roomsAt(places: Place[]): Promise<{ key: string; room: number; points: number }[]> {
    const found = await Promise.all(
      places.map(async (place) => {
        const { name, rule, key } = place
        const count = await countAt(place)
        const points = count?.consumedPoints ?? 0
        const wait = count ? waitOf(rule, { points, remembered: count.msBeforeNext }) : 0
        return { name, rule, key, points, wait, room: Math.max(1, rule.free - points) }
      }),
    )
    const longest = found.reduce((one, other) => (other.wait > one.wait ? other : one))
    if (longest.wait > 0)
      throw new TooManyAttemptsError({
        policy: longest.name,
        quota: longest.rule.free,
        windowSeconds: longest.rule.seconds,
        waitSeconds: Math.ceil(longest.wait / 1000),
      })
    return found
  }

  /** Waits for a place at each. @returns what had been counted at the first */
  async function enter(places: Place[]): Promise<number> {
    for (let called: string | undefined; ; ) {
      const look = await gate
        .look(() => roomsAt(places))
        .catch((error) => {
          if (called !== undefined) gate.callNext(called)
          throw error
        })
      const full = gate.enter(look.found, look)
      if (full === undefined) return look.found[0]?.points ?? 0
      if (look.left.has(full)) continue
      if (called !== undefined && called !== full) gate.callNext(called)
      await gate.turn(full)
      called = full
    }
  }

  const count = (places: Place[]) =>
    Promise.all(places.map(({ tally, id, rule }) => tally.penalty(id, 1, rule.kind === 'row' ? PROLONG : {})))

  /** What is remembered of failures on an account, at each address and at all those it does not use. */
  async function failuresOf({ name: policyName, rules }: Policy, account: string): Promise<Failures[]> {
    const found = (scope: 'pair' | 'account', rule: Rule) => {
      const prefix = tallyOf(`${policyName}-${scope}`, rule).getKey(hashed(account))
      return counts.findStartingWith(scope === 'pair' ? `${prefix}.` : prefix)
    }
    const read = async (scope: 'pair' | 'account', rule: Rule | undefined) =>
      (rule ? await found(scope, rule) : []).map(({ key, points, expiresAt }) => {
        const remembered = Math.min(expiresAt - now(), (rule?.seconds ?? 0) * 1000)
        const wait = rule ? waitOf(rule, { points, remembered }) : 0
        return { key, scope, failures: points, lockedUntil: wait > 0 ? now() + wait : null }
      })
    return [...(await read('pair', rules.pair)), ...(await read('account', rules.account))]
  }

  return {
    failuresOf,

    /** Forgets failures on accounts, as `failuresOf` found them, together with the changes of a transaction. */
    forgive: (failures: Failures[], transaction: Transaction): Promise<void> =>
      counts.removeWithin(
        failures.map(({ key }) => key),
        transaction,
      ),

    /**
     * Does work that proves who somebody is, unless they failed too often; then nothing is done at all.
     *
     * @throws {TooManyAttemptsError} with how long to wait
     */
    async attempt<T>(policy: Policy, caller: Caller, work: () => Promise<T>): Promise<T> {
      const pairId = pairOf(caller)
      const proof = await proven.get(pairId)
      const isTrusted = policy.trustsProvenAddress && proof !== null
      const places = placesOf(policy, caller).filter(({ id }) => !isTrusted || id === pairId)
      const failedBefore = await enter(places)
      try {
        const value = await work()
        if (failedBefore > 0 && policy.rules.pair.counts === 'failures') await places[0]?.tally.delete(pairId)
        await count(places.filter(({ rule }) => rule.counts === 'attempts'))
        if (policy.provesAddress && !(proof && proof.msBeforeNext > RENEW_PROOF_MS))
          await proven.set(pairId, PROVEN.points, PROVEN.seconds)
        return value
      } catch (error) {
        if (error instanceof AppError && policy.failures.includes(error.code)) await count(places)
        throw error
      } finally {
        gate.leave(places.map(({ key }) => key))
      }
    },
  }
}
