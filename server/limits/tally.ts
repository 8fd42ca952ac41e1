/// <reference path="./rate-limiter-store.d.ts" />
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js'
import RateLimiterStore, { type StoreOptions } from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js'
import type { Count, Counts } from './counts'

/** The option of `penalty` and `set` under which a count lasts its whole duration from now on. */
export const PROLONG: StoreOptions = { prolong: true }

/**
 * A limiter of rate-limiter-flexible over our own counts. The library's stores read the machine's clock, make their
 * tables themselves, and write to SQLite around the one writer: docs/decisions/0012-limits-on-attempts.md.
 */
export class Tally extends RateLimiterStore {
  private readonly counts: Counts
  private readonly now: () => number

  /** @param seconds how long a count is remembered */
  constructor(
    counts: Counts,
    now: () => number,
    name: string,
    { points, seconds }: { points: number; seconds: number },
  ) {
    super({ storeClient: counts, keyPrefix: name, points, duration: seconds })
    this.counts = counts
    this.now = now
  }

  protected override async _upsert(
    key: string,
    points: number,
    msDuration: number,
    forceExpire: boolean,
    options: StoreOptions,
  ): Promise<Count> {
    const count = { points, expiresAt: this.now() + msDuration }
    return forceExpire ? this.counts.put(key, count) : this.counts.add(key, count, options === PROLONG)
  }

  protected override _get(key: string): Promise<Count | undefined> {
    return this.counts.find(key)
  }

  protected override _delete(key: string): Promise<boolean> {
    return this.counts.remove(key)
  }

  protected override _getRateLimiterRes(_key: string, changed: number, { points, expiresAt }: Count): RateLimiterRes {
    const remaining = Math.max(0, this.points - points)
    return new RateLimiterRes(remaining, expiresAt - this.now(), points, points === changed)
  }
}
