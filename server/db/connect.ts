import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Sequelize, type Transaction } from 'sequelize'
import type { DatabaseConfig } from '../config'
import { defineModels } from '../models'
import type { Database, PreparedRead } from './database'
import { explainDatabaseFailure } from './failures'
import { migrate } from './migrate'
import { oneAtATime } from './one-at-a-time'
import { preparePostgres, prepareSqlite } from './prepared'

const PING_LIMIT_MS = 3_000

export interface DatabaseHooks {
  onProgress(step: string): void
  onStatement(sql: string): void
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
  let sequelize: Sequelize | undefined
  try {
    sequelize =
      config.dialect === 'sqlite'
        ? await connectSqlite(config, logging)
        : await connectPostgres(config, password, logging)
    await sequelize.query('SELECT 1')
    await migrate(sequelize, config, hooks.onProgress)
    return asDatabase(sequelize, config)
  } catch (cause) {
    await sequelize?.close().catch(() => undefined)
    throw explainDatabaseFailure(cause, config)
  }
}

type Logging = false | ((sql: string) => void)

async function connectSqlite(config: DatabaseConfig & { dialect: 'sqlite' }, logging: Logging): Promise<Sequelize> {
  mkdirSync(dirname(config.storage), { recursive: true, mode: 0o700 })
  // SQLite gives its journal the mode of the database file, so making the file private first makes all three private.
  closeSync(openSync(config.storage, 'a', 0o600))
  const { sqliteDriver } = await import('./sqlite-driver')
  return new Sequelize({
    dialect: 'sqlite',
    dialectModule: sqliteDriver,
    storage: config.storage,
    logging,
    transactionType: 'IMMEDIATE' as Transaction.TYPES,
  })
}

async function connectPostgres(
  config: DatabaseConfig & { dialect: 'postgres' },
  password: string | undefined,
  logging: Logging,
): Promise<Sequelize> {
  const pg = await import('pg')
  return new Sequelize({
    dialect: 'postgres',
    dialectModule: pg.default ?? pg,
    host: config.host,
    port: config.port,
    database: config.name,
    username: config.user,
    ...(password === undefined ? {} : { password }),
    logging,
    pool: { max: 10, idle: 30_000, acquire: 15_000 },
    dialectOptions: {
      ssl: config.ssl ? { rejectUnauthorized: true } : false,
      connectionTimeoutMillis: 10_000,
      statement_timeout: 60_000,
      keepAlive: true,
      application_name: 'aurelius',
    },
  })
}

function asDatabase(sequelize: Sequelize, config: DatabaseConfig): Database {
  const inTurn = config.dialect === 'sqlite' ? oneAtATime() : <T>(work: () => Promise<T>) => work()
  const reads: (PreparedRead & { finalize?(): Promise<void> })[] = []
  return {
    dialect: config.dialect,
    sequelize,
    models: defineModels(sequelize),
    write: (changes) => inTurn(() => sequelize.transaction(changes)),
    prepareRead(statement) {
      const read =
        config.dialect === 'sqlite'
          ? prepareSqlite(sequelize, statement.sqlite)
          : preparePostgres(sequelize, statement.name, statement.postgres)
      reads.push(read)
      return read
    },
    ping: () => withLimit(sequelize.query('SELECT 1'), PING_LIMIT_MS),
    async close() {
      await Promise.all(reads.map((read) => read.finalize?.()))
      await sequelize.close()
    },
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
