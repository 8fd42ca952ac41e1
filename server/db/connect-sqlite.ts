import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Sequelize, type Transaction } from 'sequelize'
import type { DatabaseConfig } from '../config'
import type { Connected, Logging } from './connect'
import { requireFile } from './database-file'
import { hasCode } from './failures'

const WAL_TRIES = 100
const WAL_RETRY_MS = 50
const IDLE = 'idle'
/** Sequelize's own connection for whatever is no transaction, and that of the batches. */
const OWN_CONNECTIONS = new Set(['default', 'batches'])

interface Connection {
  uuid?: string // of the transaction it is lent to
}

interface ConnectionManager {
  connections: Record<string, Connection>
  getConnection(options?: { uuid?: string }): Promise<Connection>
  releaseConnection(connection: Connection): void
  destroyConnection(connection: Connection): Promise<void>
}

/** Opens an SQLite file, making it and its folder where they are missing, readable by their owner alone. */
export async function connectSqlite(
  config: DatabaseConfig & { dialect: 'sqlite' },
  logging: Logging,
): Promise<Connected> {
  mkdirSync(dirname(config.storage), { recursive: true, mode: 0o700 })
  // SQLite gives its journal the mode of the database file, so making the file private first makes all three private.
  requireFile(config.storage)
  closeSync(openSync(config.storage, 'a', 0o600))
  const { createSqliteDriver } = await import('./sqlite-driver')
  const driver = createSqliteDriver()
  const sequelize = new Sequelize({
    dialect: 'sqlite',
    dialectModule: driver.module,
    storage: config.storage,
    logging,
    transactionType: 'IMMEDIATE' as Transaction.TYPES,
    // The driver waits for the file's lock; Sequelize would multiply that wait by five.
    retry: { max: 1 },
  })
  const lending = lendOneConnection(sequelize.connectionManager as unknown as ConnectionManager)
  return {
    sequelize,
    beginKeeping: lending.begin,
    async close() {
      lending.end()
      await sequelize.close()
      await driver.allClosed()
    },
  }
}

/**
 * Has transactions, which take turns, use one connection after the other: opening one for each costs more than most of
 * them, and what is compiled on it would be lost.
 */
function lendOneConnection(manager: ConnectionManager) {
  const open = manager.getConnection.bind(manager)
  const closeConnection = manager.releaseConnection.bind(manager)
  let isKeeping = false
  let idle: Connection | undefined

  manager.getConnection = async (options = {}) => {
    const isLent = options.uuid !== undefined && !OWN_CONNECTIONS.has(options.uuid)
    if (!isLent || idle === undefined) return open(options)
    const lent = idle
    idle = undefined
    manager.connections[options.uuid as string] = lent
    return lent
  }
  manager.releaseConnection = (connection) => {
    if (connection.uuid === undefined) return
    if (!isKeeping || idle !== undefined) return closeConnection(connection)
    delete manager.connections[connection.uuid]
    idle = connection
  }
  // Sequelize hands the connection of a transaction that could not be ended to its pool, which knows none of SQLite's:
  // it would stay open and keep the file locked.
  manager.destroyConnection = async (connection) => closeConnection(connection)

  return {
    begin() {
      isKeeping = true
    },
    end() {
      isKeeping = false
      if (idle !== undefined) manager.connections[IDLE] = idle
      idle = undefined
    },
  }
}

/** Turns the write-ahead log on for good. For this change SQLite does not wait for other connections by itself. */
export async function turnOnWriteAheadLog(sequelize: Sequelize): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await sequelize.query('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (tries === WAL_TRIES || !hasCode(error, 'SQLITE_BUSY')) throw error
      await wait(WAL_RETRY_MS)
    }
  }
}
