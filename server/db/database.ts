import type { Sequelize, Transaction } from 'sequelize'
import type { Models } from '../models'
import type { Batches, RunStatement } from './batches'

/** Runs one prepared statement; the hot path around Sequelize's instances. */
export type PreparedRead = (values: string[]) => Promise<Record<string, unknown> | undefined>

/** An open, migrated database. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres'
  readonly sequelize: Sequelize
  readonly models: Models
  /**
   * Runs changes in one transaction. On SQLite they take turns: waiting for the file's lock would hold a thread of the
   * pool that the transaction in front needs to finish. Those that wait may share one; what fails is undone by itself.
   */
  write<T>(changes: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Small changes that come by the thousand. */
  readonly batches: Pick<Batches, 'write'>
  /** Has work done as the last of a transaction that `write` began; when it fails, all of the transaction does. */
  beforeCommit(transaction: Transaction, work: () => Promise<void>): void
  /** Runs statements within a transaction that `write` began, each compiled once; what many people do all day. */
  statementsIn(transaction: Transaction): RunStatement
  /** Prepares a read of one row; parameters are `?` on SQLite and `$1` on Postgres. */
  prepareRead(statement: { name: string; sqlite: string; postgres: string }): PreparedRead
  /** Reads rows, with `:name` for values; outside of a transaction. See `select`. */
  readRows(sql: string, values: Record<string, unknown>): Promise<Record<string, unknown>[]>
  /** Resolves when the database answers; rejects when it does not within a few seconds. */
  ping(): Promise<void>
  close(): Promise<void>
}
