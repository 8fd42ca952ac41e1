import type { QueryInterface, Transaction } from 'sequelize'

/** One step of the schema's history, applied and undone inside a transaction. Frozen the day it ships. */
export interface Migration {
  name: string
  up(schema: QueryInterface, transaction: Transaction): Promise<void>
  down(schema: QueryInterface, transaction: Transaction): Promise<void>
}
