import { QueryTypes, type Sequelize, type Transaction } from 'sequelize'
import type { Migration } from '../../migrations/migration'
import type { DatabaseConfig } from '../config'
import { defineModels } from '../models'
import { createPostgresBatches, createSqliteBatches, sqliteStatementsOf, statementsOf } from './batches'
import { connectPostgres } from './connect-postgres'
import { connectSqlite, turnOnWriteAheadLog } from './connect-sqlite'
import type { Database, PreparedRead } from './database'
import { makePrivate } from './database-file'
import { explainDatabaseFailure, isDeadlock } from './failures'
import { migrate, requireCurrentSchema } from './migrate'
import { oneAtATime } from './one-at-a-time'
import { preparePostgres, prepareSqlite } from './prepared'
import { rememberFile } from './same-file'
import type { Row } from './select'
import { createSqliteReads } from './sqlite-reads'
import { createSqliteWrites } from './sqlite-writes'

const PING_LIMIT_MS = 3_000
const DEADLOCK_TRIES = 3

export interface DatabaseHooks {
  onProgress(step: string): void
  onStatement(sql: string): void
  /** Something was put right that its owner may want to know of. */
  onNotice?(sentence: string): void
  /** The schema's history, oldest first, where it is not the program's own. */
  migrations?: Migration[]
  /** Whether to bring the schema up to date, or refuse a database whose schema is not. */
  schema?: 'update' | 'as-it-is'
}

export type Logging = false | ((sql: string) => void)

export interface Connected {
  sequelize: Sequelize
  /** Lets transactions have a connection that one before them had, once the schema is what it will be. */
  beginKeeping?(): void
  close(): Promise<void>
}

/**
 * Connects, brings the schema up to date and answers an open database.
 *
 * @throws {StartError} with a sentence that names what to correct
 */
export async function openDatabase(
  config: DatabaseConfig,
  password: string | undefined,
  hooks: DatabaseHooks,
): Promise<Database> {
  const logging = config.echo ? hooks.onStatement : false
  let connected: Connected | undefined
  try {
    connected =
      config.dialect === 'sqlite'
        ? await connectSqlite(config, logging)
        : await connectPostgres(config, password, logging)
    await connected.sequelize.query('SELECT 1')
    if (hooks.schema === 'as-it-is') await requireCurrentSchema(connected.sequelize)
    else await migrate(connected.sequelize, config, hooks.onProgress, hooks.migrations)
    // Not before: it writes to the file, which may have turned out to be another program's.
    if (config.dialect === 'sqlite') {
      if (makePrivate(config.storage))
        hooks.onNotice?.('others could read the database file: it is its owner’s alone now')
      await turnOnWriteAheadLog(connected.sequelize)
    }
    connected.beginKeeping?.()
    const checkFile = config.dialect === 'sqlite' ? await rememberFile(config.storage) : async () => undefined
    return asDatabase(connected, config, checkFile)
  } catch (cause) {
    await connected?.close().catch(() => undefined)
    throw explainDatabaseFailure(cause, config)
  }
}

function asDatabase({ sequelize, close }: Connected, config: DatabaseConfig, checkFile: () => Promise<void>): Database {
  const inTurn = oneAtATime()
  const lastWork = new WeakMap<Transaction, (() => Promise<void>)[]>()
  const withLastWork =
    <T>(changes: (transaction: Transaction) => Promise<T>) =>
    async (transaction: Transaction): Promise<T> => {
      const works: (() => Promise<void>)[] = []
      lastWork.set(transaction, works)
      const result = await changes(transaction)
      for (const work of works) await work()
      return result
    }
  const inTransaction =
    config.dialect === 'sqlite'
      ? createSqliteWrites(sequelize, inTurn, checkFile)
      : <T>(changes: (transaction: Transaction) => Promise<T>) =>
          againAfterDeadlock(() => sequelize.transaction(changes))
  const batches =
    config.dialect === 'sqlite' ? createSqliteBatches(sequelize, inTurn, checkFile) : createPostgresBatches(sequelize)
  const statements = config.dialect === 'sqlite' && !config.echo ? createSqliteReads(sequelize) : undefined
  const reads: (PreparedRead & { finalize?(): Promise<void> })[] = []
  return {
    dialect: config.dialect,
    sequelize,
    models: defineModels(sequelize),
    write: (changes) => inTransaction(withLastWork(changes)),
    batches,
    beforeCommit(transaction, work) {
      const works = lastWork.get(transaction)
      if (!works) throw new Error('This transaction was not begun by write')
      works.push(work)
    },
    statementsIn: (transaction) =>
      config.dialect === 'sqlite' && !config.echo
        ? sqliteStatementsOf(transaction)
        : statementsOf(sequelize, transaction),
    prepareRead(statement) {
      const read =
        config.dialect === 'sqlite'
          ? prepareSqlite(sequelize, statement.sqlite)
          : preparePostgres(sequelize, statement.name, statement.postgres)
      reads.push(read)
      return read
    },
    readRows: (sql, values) =>
      statements
        ? statements.read(sql, values)
        : sequelize.query<Row>(sql, { replacements: values, type: QueryTypes.SELECT }),
    async ping() {
      await checkFile()
      await withLimit(sequelize.query('SELECT 1'), PING_LIMIT_MS)
    },
    async close() {
      await inTurn(async () => undefined)
      await Promise.all(reads.map((read) => read.finalize?.()))
      await statements?.close()
      await batches.close()
      await close()
    },
  }
}

/** Postgres ends one of two transactions that wait for each other; done again, it finds the other one finished. */
async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === DEADLOCK_TRIES || !isDeadlock(error)) throw error
    }
  }
}

async function withLimit(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The database did not answer in time')), limitMs)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
