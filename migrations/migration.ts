import type { QueryInterface, Transaction } from 'sequelize'

/** One step of the schema's history, applied and undone inside a transaction. Frozen the day it ships. */
export interface Migration {
  name: string
  /**
   * Looks at what is there, before any migration changes anything.
   *
   * @throws {AdoptionError} this step cannot be applied
   */
  check?(schema: QueryInterface): Promise<void>
  up(schema: QueryInterface, transaction: Transaction): Promise<void>
  down(schema: QueryInterface, transaction: Transaction): Promise<void>
}

/** The database holds something this program cannot take over; `message` is the first half of a sentence for people. */
export class AdoptionError extends Error {
  override name = 'AdoptionError'
}
