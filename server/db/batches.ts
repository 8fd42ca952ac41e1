import { QueryTypes, type Sequelize, type Transaction } from 'sequelize'
import type { Statement } from 'sqlite3'
import { AppError } from '../errors'
import type { SqliteConnection } from './sqlite-driver'

export type BatchValue = string | number | Buffer | null
type Row = Record<string, unknown>

/** Runs a statement with `$1`, `$2` … in the order of their first appearance. */
export type RunStatement = (sql: string, values: BatchValue[]) => Promise<Row[]>

/**
 * Small changes that come by the thousand. On SQLite those that wait for each other share one transaction on a
 * connection of their own, with statements that are compiled once. It does not wait for the disk: a power cut may lose
 * the last of them, never a part of one, and whoever sends such changes goes on from what is stored.
 */
export interface Batches {
  /** Work that throws an `AppError` must have changed nothing before; the others of its transaction go on. */
  write<T>(work: (run: RunStatement) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const MOST_AT_ONCE = 64
/** Pages of 4 KiB: at the usual 1,000 each stretch of a long upload would be carried over, and the disk waited for. */
const CHECKPOINT_PAGES = 4_096

interface Job {
  work(run: RunStatement): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface ConnectionManager {
  getConnection(options: { uuid: string }): Promise<SqliteConnection>
}

export function createSqliteBatches(
  sequelize: Sequelize,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  checkFile: () => Promise<void>,
): Batches {
  const waiting: Job[] = []
  const statements = new Map<string, Promise<Statement>>()
  let opened: Promise<SqliteConnection> | undefined

  async function open(): Promise<SqliteConnection> {
    const manager = sequelize.connectionManager as unknown as ConnectionManager
    const connection = await manager.getConnection({ uuid: 'batches' })
    await exec(connection, `PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    return connection
  }

  function prepare(connection: SqliteConnection, sql: string): Promise<Statement> {
    const known = statements.get(sql)
    if (known) return known
    const prepared = new Promise<Statement>((resolve, reject) => {
      const numbered = sql.replaceAll(/\$(\d+)/g, '?$1')
      const statement = connection.prepare(numbered, (error) => (error ? reject(error) : resolve(statement)))
    })
    statements.set(sql, prepared)
    prepared.catch(() => statements.delete(sql))
    return prepared
  }

  async function flush(): Promise<void> {
    const jobs = waiting.splice(0, MOST_AT_ONCE)
    if (waiting.length > 0) inTurn(flush)
    try {
      await checkFile()
      opened ??= open().catch((error) => {
        opened = undefined
        throw error
      })
      const connection = await opened
      const run: RunStatement = async (sql, values) => {
        const statement = await prepare(connection, sql)
        return new Promise((resolve, reject) => {
          statement.all<Row>(values, (error, rows) => (error ? reject(error) : resolve(rows)))
        })
      }
      await exec(connection, 'BEGIN IMMEDIATE')
      const done: (() => void)[] = []
      try {
        for (const job of jobs) done.push(await settle(job, run))
        await exec(connection, 'COMMIT')
      } catch (error) {
        await exec(connection, 'ROLLBACK').catch(() => undefined)
        throw error
      }
      for (const answer of done) answer()
    } catch (error) {
      for (const job of jobs) job.reject(error)
    }
  }

  return {
    write: <T>(work: (run: RunStatement) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: (value) => resolve(value as T), reject })
        if (waiting.length === 1) inTurn(flush)
      }),
    async close() {
      const connection = await opened?.catch(() => undefined)
      if (!connection) return
      for (const prepared of statements.values()) {
        const statement = await prepared.catch(() => undefined)
        await new Promise<void>((resolve) => (statement ? statement.finalize(() => resolve()) : resolve()))
      }
      await new Promise<void>((resolve) => connection.close(() => resolve()))
    },
  }
}

/** On Postgres each is a transaction of its own: many can be under way at once. */
export function createPostgresBatches(sequelize: Sequelize): Batches {
  return {
    write: (work) => sequelize.transaction((transaction) => work(statementsOf(sequelize, transaction))),
    close: async () => undefined,
  }
}

/** The same statements within a transaction of Sequelize's. */
export function statementsOf(sequelize: Sequelize, transaction: Transaction): RunStatement {
  return async (sql, bind) => {
    // Sequelize looks for rows only where it is told that there are some.
    if (/^\s*SELECT|\bRETURNING\b/.test(sql))
      return sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT, transaction })
    await sequelize.query(sql, { bind, transaction })
    return []
  }
}

/** The same on SQLite, where they are compiled once for the connection that transactions have in turn. */
export function sqliteStatementsOf(transaction: Transaction): RunStatement {
  const { connection } = transaction as unknown as { connection: SqliteConnection }
  return (sql, values) => connection.runPrepared(sql, values)
}

/** Does one job and answers how to tell it so, once all are committed. */
async function settle(job: Job, run: RunStatement): Promise<() => void> {
  try {
    const value = await job.work(run)
    return () => job.resolve(value)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return () => job.reject(error)
  }
}

function exec(connection: SqliteConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => (error ? reject(error) : resolve()))
  })
}
