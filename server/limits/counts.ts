import type { Transaction } from 'sequelize'

/** What was counted under one key, and until when that is remembered. */
export interface Count {
  points: number
  expiresAt: number // milliseconds since 1970
}

/** Where counts are kept. A count that has expired is none. */
export interface Counts {
  find(key: string): Promise<Count | undefined>
  /** Every count whose key begins so. */
  findStartingWith(prefix: string): Promise<(Count & { key: string })[]>
  /** Adds to a count, or begins one that lasts until `expiresAt`; `prolong` lets one that is there last as long. */
  add(key: string, count: Count, prolong: boolean): Promise<Count>
  put(key: string, count: Count): Promise<Count>
  /** @returns whether there was one */
  remove(key: string): Promise<boolean>
  /** Removes some with the changes of a transaction, or not at all. */
  removeWithin(keys: string[], transaction: Transaction): Promise<void>
  removeExpired(): Promise<void>
  /** Resolves when nothing is left to be written. */
  close(): Promise<void>
}
