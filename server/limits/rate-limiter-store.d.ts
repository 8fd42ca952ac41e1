/** The library's class for stores of one's own: its types name the class but neither the file nor what a store must do. */
declare module 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js' {
  import { type RateLimiterRes, RateLimiterStoreAbstract } from 'rate-limiter-flexible'

  export interface StoreOptions {
    [option: string]: unknown
  }

  export default abstract class extends RateLimiterStoreAbstract {
    protected abstract _upsert(
      key: string,
      points: number,
      msDuration: number,
      forceExpire: boolean,
      options: StoreOptions,
    ): Promise<unknown>
    protected abstract _get(key: string): Promise<unknown>
    protected abstract _delete(key: string): Promise<boolean>
    protected abstract _getRateLimiterRes(key: string, changedPoints: number, stored: unknown): RateLimiterRes
  }
}

declare module 'rate-limiter-flexible/lib/RateLimiterRes.js' {
  export { RateLimiterRes as default } from 'rate-limiter-flexible'
}
